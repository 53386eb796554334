"""Explaining: what happens inside a network, and what fools it.

Feature maps, sums and evidence (`inside`), distorted drawings, adversarial perturbations (`smallest_change`).
May import reading; needs TensorFlow for gradients. `process` answers the lessons' questions, away from the server.
"""
