"""The whole learner in one object, for notebooks and scripts."""
