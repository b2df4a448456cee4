"""Python packages: `locks` writes each deployable's lock, `environments` installs from them, `imports` holds imports
against pins.

A deployable says what it imports in `requirements.in`, one pin a line with its reason. `requirements.txt` beside it is
its lock: all that those bring along, each with the hashes of its files. All locks come out of one resolution, so a
package has one version in every deployable, in the tests and here.
"""
