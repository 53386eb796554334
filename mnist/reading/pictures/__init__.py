"""Pictures: decoded, ink told from paper and rules, in patches or in the cells of tables; and second looks at them."""
