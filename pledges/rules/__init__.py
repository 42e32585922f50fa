"""Pure rules: dataclasses in, dataclasses out. No ORM, no clock, no settings, no Django but our choices."""
