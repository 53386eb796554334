"""Help that tests and measurements share: servers, browsers, containers, sessions, drawings, heavy files."""
