"""The red thread: from any figure, finding, challenge, level, action, measure, question or decision,
what it rests on and what rests on it, and where the chain is broken.

``spine`` is the chain itself, without a database; ``load`` reads it for one reader; ``chart``
draws it; ``lacks`` lists where it is broken; ``mend`` joins two ends.
"""

from reports.thread.load import load_thread
from reports.thread.spine import Branch, Key, Node, Thread

__all__ = ["Branch", "Key", "Node", "Thread", "load_thread"]
