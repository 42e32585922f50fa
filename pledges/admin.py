"""The administrators' rooms: people, departments, campaigns, plans. What only the application may write is read-only."""
