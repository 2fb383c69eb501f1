"""The Review place of the open project, without widgets."""
