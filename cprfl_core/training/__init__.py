"""Training of CPRFL: data, loop, step, schedule and checkpoints."""
