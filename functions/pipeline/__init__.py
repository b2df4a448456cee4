"""What the functions and the services share: the model, names of objects, events, store, sampling, detectors.

Depends on nothing else of this repository.
"""
