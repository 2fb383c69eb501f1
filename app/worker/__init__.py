"""The child process: adapters from the protocol to cprfl_core."""
