"""Write: each function is one sentence of the process, atomic, and says what else it sets off."""
