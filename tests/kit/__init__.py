"""Real things for tests: processes, a database server, a broker, a browser."""
