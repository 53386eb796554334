"""What tests and measurements share: servers, browsers, container engines, sessions, drawings, heavy files."""
