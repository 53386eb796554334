"""Explaining: what goes on inside a network, and what fools it.

Feature maps, sums and evidence; distorted samples; the smallest change that makes another digit.
May import reading; needs TensorFlow for gradients.
"""
