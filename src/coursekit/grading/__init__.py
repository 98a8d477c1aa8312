"""Grade a class: in parallel, in sandboxes, resumable, with stock nbgrader's scores.

Data flows one way. ``submissions`` looks at what was handed in; ``record.sanitise`` makes a ``job`` of it; a ``pool``
executes jobs (``warm`` → ``bench`` → ``student``, and ``judge`` beside it); ``verdict`` weighs what came out;
``record.record`` has nbgrader grade it; ``journal`` remembers that; ``report`` tells. ``grade`` is the conductor.
"""
