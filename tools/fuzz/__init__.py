"""Look for inputs that break something: `make fuzz`."""
