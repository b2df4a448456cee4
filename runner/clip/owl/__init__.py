"""OWLv2, the second model of the service: finds what words or a reference picture describe, with boxes.

    request -> requests -> pictures (squares) -> batcher -> model (patches) -> find (scores, one box per place)

Any OWLv2 of Hugging Face serves, by name or path (`OWL_MODEL`); without that setting none is loaded.
"""
