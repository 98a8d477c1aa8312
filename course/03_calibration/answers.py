"""Answers to lesson 03 that students really give."""
