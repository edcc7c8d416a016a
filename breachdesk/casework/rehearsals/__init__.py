"""Practice stories played through a procedure, to see that it does what its authors meant."""
