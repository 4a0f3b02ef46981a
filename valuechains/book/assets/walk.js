// Walking through a chart: a tree beside it (WAI-ARIA's pattern), whose nodes are those of tree.js, by keyboard, by touch or
// by mouse. The tree of a twin follows its controls. Brought by charts.js when it is first asked for.
(() => {
  "use strict";
  const gvc = window.gvc;
  const TYPED = 700; // ms after which a letter begins a new word
  const KEYS = gvcSay("Arrow keys: down and up through what is open; right opens or goes in, left closes or goes out. Home and End: first and last. Asterisk: opens all of a level. Letters: the next that begins so. Escape: back to where you were; W there, or anywhere in the figure: back to this place.");

  const { make } = gvc;
  gvc.style("walk.css");

  // What the chart shows now ------------------------------------------------------------------------------------------

  // The title of an axis as it is drawn: a twin writes some anew at each setting.
  function title(view, channel) {
    const sides = channel === "x" ? ["bottom", "top"] : ["left", "right"];
    function* marks({ items = [] }) {
      for (const item of items) for (const mark of item.items ?? []) {
        yield [mark, item];
        yield* marks(mark);
      }
    }
    for (const [mark, axis] of marks(view.scenegraph().root)) {
      if (mark.role === "axis-title" && sides.includes(axis.orient)) return [mark.items[0].text].flat().join(" ");
    }
    return "";
  }

  // The rows of a data set: as stored, or as a twin's model gives them at the present setting.
  function shown(figure, spec) {
    const { view } = figure.gvc;
    if (!spec.usermeta.valuechains.twin) return (data) => spec.datasets[data];
    return (data) => { const held = gvc.holder(view, data); return held ? view.data(held) : []; };
  }

  async function known(figure) {
    const spec = await gvc.spec(figure), { outline } = gvc.outlines[figure.id];
    const names = spec.params?.find(({ name }) => name === "gvc_names")?.value;
    return [outline, shown(figure, spec), (channel) => title(figure.gvc.view, channel), names];
  }

  // The tree ----------------------------------------------------------------------------------------------------------

  function grown(tree, name) {
    let root, at;

    function planted(node, above, place, size) {
      Object.assign(node, { above, open: false, level: (above?.level ?? 0) + 1 });
      node.element = make("div", { role: "treeitem", tabindex: -1, "aria-level": node.level, "aria-setsize": size, "aria-posinset": place + 1 }, node.text);
      node.element.style.setProperty("--level", node.level);
      node.element.node = node;
      if (node.children.length) node.element.ariaExpanded = "false";
      return node;
    }
    // The nodes below are planted when they are first seen.
    function below(node) {
      if (!node.seen) node.children.forEach((child, place) => planted(child, node, place, node.children.length));
      node.seen = true;
      return node.children;
    }
    const open = (node) => (node.open ? below(node).flatMap((child) => [child, ...open(child)]) : []);
    const all = () => [root, ...open(root)];

    function turn(node, wanted) {
      if (node.open === wanted || !node.children.length) return;
      if (!wanted) open(node).forEach((child) => child.element.remove());
      node.open = wanted;
      node.element.ariaExpanded = String(wanted);
      if (wanted) node.element.after(...open(node).map((child) => child.element));
    }
    function go(node, focus = true) {
      if (at) at.element.tabIndex = -1;
      at = node;
      node.element.tabIndex = 0;
      if (focus) node.element.focus();
    }

    let word = "", last = 0;
    function typed(letter, time) {
      word = time - last < TYPED ? word + letter : letter;
      last = time;
      const nodes = all(), from = nodes.indexOf(at) + (word.length === 1);
      const found = [...nodes.slice(from), ...nodes.slice(0, from)].find((node) => node.text.toLowerCase().startsWith(word));
      if (found) go(found);
    }

    const MOVES = {
      ArrowDown: () => { const nodes = all(); go(nodes[nodes.indexOf(at) + 1] ?? at); },
      ArrowUp: () => { const nodes = all(); go(nodes[nodes.indexOf(at) - 1] ?? at); },
      ArrowRight: () => { if (at.open) go(at.children[0]); else turn(at, true); },
      ArrowLeft: () => { if (at.open) turn(at, false); else go(at.above ?? at); },
      Home: () => go(root),
      End: () => go(all().at(-1)),
      Enter: () => turn(at, !at.open),
      " ": () => turn(at, !at.open),
      "*": () => below(at.above ?? { children: [root], seen: true }).forEach((node) => turn(node, true)),
    };
    tree.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const move = MOVES[event.key];
      if (move) move();
      else if (event.key.length === 1) typed(event.key.toLowerCase(), event.timeStamp);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    tree.addEventListener("click", (event) => {
      const node = event.target.closest("[role=treeitem]")?.node;
      if (!node) return;
      go(node);
      turn(node, !node.open);
    });

    const path = (node) => (node?.above ? [...path(node.above), node.above.children.indexOf(node)] : []);
    // Opens on new nodes what was open on the old ones, and stands in the same place, or as near to it as there is one.
    function grow(fresh) {
      const before = root, stood = path(at), focused = tree.contains(document.activeElement);
      root = planted(fresh, null, 0, 1);
      at = undefined;
      const alike = (node, old) => {
        if (!old?.open || !node.children.length) return;
        turn(node, true);
        node.children.forEach((child, place) => alike(child, old.children[place]));
      };
      tree.replaceChildren(root.element);
      if (before) alike(root, before);
      else turn(root, true);
      let node = root;
      for (const place of stood) if (node.open) node = node.children[Math.min(place, node.children.length - 1)];
      go(node, focused);
    }
    tree.setAttribute("aria-label", name);
    return { grow, focus: () => go(at) };
  }

  // A figure ----------------------------------------------------------------------------------------------------------

  async function opened(figure) {
    const finding = figure.querySelector(".gvc-finding").textContent.replace(/#$/, "").trim();
    const keys = make("p", { id: `${figure.id}-keys`, class: "gvc-keys" }, KEYS);
    const items = make("div", { role: "tree", class: "gvc-tree", "aria-describedby": keys.id });
    const close = make("button", { type: "button" }, gvcSay("Close"));
    const feet = make("p", { class: "gvc-walk-feet" }, close);
    const panel = make("div", { class: "gvc-walking", role: "group", "aria-label": gvcSay("Walk through: {finding}", { finding }) }, keys, items, feet);
    figure.querySelector(".gvc-view").after(panel);
    const tree = grown(items, finding);
    let back;

    async function follow() { tree.grow(gvc.tree(...(await known(figure)))); }
    function leave() {
      panel.hidden = true;
      (back?.isConnected ? back : figure.querySelector(".gvc-walk")).focus();
    }
    close.addEventListener("click", leave);
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    });
    if (gvc.outlines[figure.id].heard) {
      const hear = make("button", { type: "button" }, gvcSay("Listen"));
      feet.prepend(hear, " ");
      hear.addEventListener("click", async () => {
        if (!gvc.listen) {
          await gvc.bring(new URL("chart2music.js", gvc.assets).href);
          await gvc.bring(new URL("listen.js", gvc.assets).href);
        }
        panel.sound ??= gvc.listen({ figure, panel, finding, make, known: () => known(figure), leave: () => hear.focus() });
        (await panel.sound).focus();
      });
    }
    figure.addEventListener("gvc:moved", async () => {
      await follow();
      (await panel.sound)?.follow();
    });
    await follow();
    return { enter: (from) => { back = from; panel.hidden = false; tree.focus(); } };
  }

  gvc.outlines ??= {};
  const panels = new Map();
  gvc.walk = async (figure, from) => {
    if (!gvc.outlines[figure.id]) await gvc.bring(figure.querySelector(".gvc-walk").dataset.outline);
    if (!panels.has(figure)) panels.set(figure, opened(figure));
    (await panels.get(figure)).enter(from);
  };
})();
