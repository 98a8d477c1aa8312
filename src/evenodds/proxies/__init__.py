"""Proxies: what the other columns tell about the group, and treatment told apart from impact.

Leaving a sensitive column out is a fact about a model's inputs. `group_predictability` asks whether the columns that
stay give the group away all the same, `proxy_ranking` which of them do, and `flip_test` whether decisions depend on
the attribute itself (treatment), beside how far apart the groups end up (impact).

All of them need the group. Without it the answers are unknown, not zero.
"""

from evenodds.proxies.flip import FlipTest, flip_test
from evenodds.proxies.predictability import Predictability, group_predictability, proxy_ranking

__all__ = ["FlipTest", "Predictability", "flip_test", "group_predictability", "proxy_ranking"]
