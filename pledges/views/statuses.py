"""How a form is answered, by number."""

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422
"""Read or taken; somebody was first; explained at its fields."""
