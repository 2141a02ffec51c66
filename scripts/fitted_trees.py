"""Fitted trees as the constants of a Rust room: what `fit_main_text.py` and `fit_html_links.py` share."""
import numpy as np


def constants(model):
    """The roots, nodes and leaves of a model's trees. A negative node is the leaf -1 - node."""
    roots, nodes, leaves = [], [], []

    def place(tree):
        if "leaf_value" in tree:
            leaves.append(tree["leaf_value"])
            return -len(leaves)
        at = len(nodes)
        nodes.append(None)
        assert tree["decision_type"] == "<="
        cut = f"{float(np.float32(tree['threshold'])):.6g}"
        cut += "" if any(c in cut for c in ".e") else ".0"
        nodes[at] = f"Node({tree['split_feature']}, {cut}, {place(tree['left_child'])}, {place(tree['right_child'])})"
        return at

    for tree in model.dump_model()["tree_info"]:
        roots.append(str(place(tree["tree_structure"])))
    return roots, nodes, leaves


def wrapped(items):
    """The items of a list, in lines of 120 characters at most."""
    lines = ["   "]
    for item in items:
        if len(lines[-1]) + len(item) > 116:
            lines.append("   ")
        lines[-1] += f" {item},"
    return "\n".join(lines)
