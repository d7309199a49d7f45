"""What is asked of a page at each of many sizes, in a frame: whether what decides can be seen, read and pressed."""

# The frame stands alone in a tab. `markup` is the page, or null for the one that is there already.
HOLDER = "<!doctype html><style>body{margin:0}iframe{border:0;display:block}</style><iframe></iframe>"
SWEEP = r"""async ({markup = null, sizes, edges, sender, near, told, states = false, under = ""}) => {
  const frame = document.querySelector("iframe");
  [frame.style.width, frame.style.height] = sizes[0].map((each) => `${each}px`);
  if (markup !== null) await new Promise((done) => { frame.onload = done; frame.srcdoc = markup; });
  const view = frame.contentWindow, page = frame.contentDocument, root = page.documentElement;
  const css = (element, part) => view.getComputedStyle(element, part);
  const range = page.createRange();
  const brush = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const colour = (said) => {
    if (!known.has(said)) {
      const parts = said.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
      if (parts) known.set(said, [+parts[1], +parts[2], +parts[3], parts[4] === undefined ? 1 : +parts[4]]);
      else {
        brush.clearRect(0, 0, 1, 1);
        brush.fillStyle = said;
        brush.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
        known.set(said, [red, green, blue, alpha / 255]);
      }
    }
    return known.get(said);
  };
  const over = (front, back) => back.map((each, at) => front[at] * front[3] + each * (1 - front[3]));
  const light = (rgb) => rgb.slice(0, 3).map((each) => each / 255)
    .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  // What is the same for all that lies in an element, for as long as one look at the page takes.
  const kept = [];
  const once = (ask) => {
    const answers = new Map();
    kept.push(answers);
    return (element) => {
      if (!answers.has(element)) answers.set(element, ask(element));
      return answers.get(element);
    };
  };
  // Nothing for what lies on a picture or a gradient: nobody knows by computing.
  const contrast = once((element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const style = css(each);
      if (style.backgroundImage !== "none") return null;
      const behind = colour(style.backgroundColor);
      layers.push(behind);
      if (behind[3] === 1) break;
    }
    const behind = layers.reduceRight((back, front) => over(front, back), [255, 255, 255]);
    const [one, other] = [light(over(colour(css(element).color), behind)), light(behind)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  });
  const pixels = (said) => (said.match(/-?[\d.]+px/g) || []).map(parseFloat);
  const upright = (style) => {
    if (style.transform !== "none") {
      const by = new DOMMatrix(style.transform);
      if (!by.is2D || by.a < 0.7 || by.d < 0.7 || Math.abs(by.b) > 0.2 || Math.abs(by.c) > 0.3) return false;
    }
    if (style.rotate !== "none" && !(Math.abs(parseFloat(style.rotate)) < 10)) return false;
    return style.scale === "none" || style.scale.split(" ").every((each) => parseFloat(each) >= 0.7);
  };
  const plain = {checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true};
  // Whether an element or something around it is masked or mirrored, how faded all of it is, and what around it cuts off.
  const veil = once((element) => {
    const around = element.parentElement ? veil(element.parentElement) : {gone: false, opacity: 1, cuts: [], cutting: []};
    const style = css(element), masked = style.clipPath !== "none" || style.filter !== "none" || (style.maskImage || "none") !== "none";
    const [x, y] = [style.overflowX, style.overflowY].map((each) => each !== "visible");
    const cutting = (x || y) && element !== root && element !== page.body ? [[element, x, y]] : [];
    return {
      gone: around.gone || masked || style.clip !== "auto" || !upright(style),
      opacity: around.opacity * parseFloat(style.opacity),
      cuts: [...around.cuts, ...around.cutting],
      cutting,
    };
  });
  // Faded, masked, mirrored, or cut off by something around it that does not show all that is in it.
  const taken = (element, box) => {
    const {gone, opacity, cuts} = veil(element);
    if (gone || !element.checkVisibility(plain)) return true;
    for (const [each, x, y] of cuts) {
      const cut = each.getBoundingClientRect();
      if (x && (box.left < cut.left - 1 || box.right > cut.right + 1)) return true;
      if (y && (box.top < cut.top - 1 || box.bottom > cut.bottom + 1)) return true;
    }
    return opacity < 0.9 || box.width < 2 || box.height < 2
      || box.right <= 0 || box.left >= view.innerWidth || box.bottom + view.scrollY <= 0;
  };
  // Whether the words in a text node cannot be read. With `within`, they stand in that box.
  const unread = (node, least, within) => {
    const around = node.parentElement, style = css(around), size = parseFloat(style.fontSize);
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    if (!boxes.length || boxes.some((box) => taken(around, box))) return true;
    if (size < least || boxes.some((box) => Math.max(box.height, box.width) < Math.min(size * 0.8, least))) return true;
    const letters = [...node.data.replace(/\s/g, "").replace(/\p{M}/gu, "")].length;
    const room = Math.max(...["width", "height"].map((side) => boxes.reduce((sum, box) => sum + box[side], 0)));
    if (room < letters * size * 0.18 || parseFloat(style.letterSpacing) < size * -0.08) return true;
    const decided = within ? within.closest("button") || within : around;
    for (let each = around; each; each = each === decided ? null : each.parentElement) {
      const drawn = css(each), inside = Math.min(parseFloat(drawn.outlineWidth), -parseFloat(drawn.outlineOffset));
      if (drawn.textDecorationLine !== "none" && (parseFloat(drawn.textDecorationThickness) > size * 0.3
        || parseFloat(drawn.textUnderlineOffset) < size * -0.1)) return true;
      if (drawn.outlineStyle !== "none" && inside > 6) return true;
      if (drawn.boxShadow.includes("inset") && pixels(drawn.boxShadow).some((each) => Math.abs(each) > 8)) return true;
    }
    const told = contrast(around), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (told !== null && told < (large ? 3 : 4.5) - 0.05) return true;
    if (within) {
      const frame = within.getBoundingClientRect();
      if (boxes.some((box) => box.left < frame.left - 2 || box.right > frame.right + 2
        || box.top < frame.top - box.height / 2 || box.bottom > frame.bottom + box.height / 2)) return true;
      for (const box of boxes)
        for (const part of [0.1, 0.5, 0.9]) {
          const there = page.elementFromPoint(box.left + box.width * part, box.top + box.height / 2);
          if (!there || !there.contains(around)) return true;
        }
    }
    return false;
  };
  const words = (element) => {
    const walker = page.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) if (walker.currentNode.data.trim()) found.push(walker.currentNode);
    return found;
  };
  const faint = (drawn) => colour(drawn.backgroundColor)[3] < 0.05 && drawn.backgroundImage === "none"
    && drawn.boxShadow === "none" && drawn.outlineStyle === "none" && pixels(drawn.borderWidth).every((each) => each <= 4);
  // What ::before and ::after put over the words.
  const overlaid = (button, box) => [button, ...button.querySelectorAll("*")].some((each) => ["::before", "::after"].some((part) => {
    const drawn = css(each, part);
    if (["none", "normal"].includes(drawn.content)) return false;
    if (pixels(drawn.margin).some((by) => by < -4)) return true;
    const moved = drawn.transform !== "none" || drawn.translate !== "none" || drawn.scale !== "none";
    if (!moved && !["absolute", "fixed"].includes(drawn.position)) return false;
    if (parseInt(drawn.zIndex) < 0 || (faint(drawn) && drawn.content === '""')) return false;
    return moved || drawn.boxShadow !== "none" || drawn.outlineStyle !== "none"
      || parseFloat(drawn.width) * parseFloat(drawn.height) > 0.3 * box.width * box.height;
  }));
  const all = words(page.body);
  const heading = all.filter((node) => node.parentElement.closest("h1"));
  const into = (element) => {
    element.scrollIntoView({block: "center", behavior: "instant"});
    for (let each = element.parentElement; each && each !== page.body; each = each.parentElement)
      if (each.scrollTop || each.scrollLeft) each.scrollTo({top: 0, left: 0, behavior: "instant"});
    return element.getBoundingClientRect();
  };
  const buttons = [...page.querySelectorAll("main form button")].map((one) => [one, one.textContent.trim().slice(0, 60), words(one)]);
  const fields = [...page.querySelectorAll("main form :is(input:not([type=hidden]), textarea)")];
  const labels = [...page.querySelectorAll("main form label")].map((one) => [one, one.textContent.trim().slice(0, 60), words(one)]);
  const names = sender.name ? words(page.body).filter((node) => node.data.split(/\s+/).join(" ").includes(sender.name)) : null;
  const ways = sender.href ? [...page.querySelectorAll("a")].filter((one) => one.getAttribute("href") === sender.href) : null;
  const pressed = [...page.querySelectorAll("main :is(form, a, button, summary)")];
  const first = pressed[0] && pressed[0].tagName === "FORM" ? pressed[0].querySelector("button") : null;
  const others = first ? pressed.filter((one) => one.tagName !== "FORM" && !pressed[0].contains(one)) : [];
  const said = told.map(([name, text]) => [name, all.filter((node) => node.data.includes(text))]);
  const found = new Map(), ranges = new Set();
  let now = "", when = under;
  const wrong = (what, snippet) => { if (!found.has(what)) found.set(what, [now, `${when}${what}`, snippet]); };
  const looked = () => {
    for (const answers of kept) answers.clear();
    for (const each of [root, page.body])
      if (/hidden|clip/.test(css(each).overflowY)) wrong("the page does not scroll", "overflow");
    if (view.innerWidth >= 320 && Math.max(root.scrollWidth, page.body.scrollWidth) > view.innerWidth)
      wrong(`the page is ${Math.max(root.scrollWidth, page.body.scrollWidth)} pixels wide where there are ${view.innerWidth}`, "");
    view.scrollTo({top: 0, left: 0, behavior: "instant"});
    if (first) {
      const top = first.getBoundingClientRect().top;
      if (near && view.innerWidth >= 320 && top + view.scrollY > near) wrong(`the button begins more than ${near} pixels down`, "<form");
      for (const other of others) {
        const box = other.getBoundingClientRect();
        if (box.width && box.height && box.top < top - 1) wrong(`“${other.textContent.trim().slice(0, 60)}” stands above the first button`, other.textContent.trim().slice(0, 60));
      }
    }
    for (const node of heading) if (unread(node, 14, null)) wrong("the heading cannot be seen", "<h1");
    for (const [name, nodes] of said) if (nodes.every((node) => unread(node, 10, null))) wrong(`\`${name}\` cannot be seen`, name);
    // Colours change with the scheme, with states, and where the style names a width.
    const range = when + edges.map((edge) => view.innerWidth >= edge);
    for (const node of ranges.has(range) ? [] : all) {
      const around = node.parentElement;
      if (!around.checkVisibility(plain)) continue;
      const style = css(around), size = parseFloat(style.fontSize), measured = contrast(around);
      if (measured !== null && measured < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5) - 0.05)
        wrong(`“${node.data.trim().slice(0, 60)}” has a contrast of ${measured.toFixed(2)}`, node.data.trim().slice(0, 60));
    }
    ranges.add(range);
    if (names && names.every((node) => unread(node, 9, null))) wrong("the sender's name cannot be seen", "sender.name");
    if (ways && ways.every((way) => words(way).every((node) => unread(node, 9, null)))) wrong("the sender's contact cannot be seen", "sender.href");
    for (const [button, said, nodes] of buttons) {
      const box = into(button);
      if (taken(button, box)) { wrong(`the button “${said}” cannot be seen`, said); continue; }
      if (box.width < 24 || box.height < 24) { wrong(`the button “${said}” is smaller than 24 pixels`, said); continue; }
      for (const x of [0.1, 0.3, 0.5, 0.7, 0.9])
        for (const y of [0.2, 0.5, 0.8]) {
          const there = page.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
          if (!there || !button.contains(there)) wrong(`the button “${said}” is covered or cannot be pressed`, said);
        }
      for (const node of nodes) {
        if (unread(node, 12, button)) wrong(`what the button “${said}” says cannot be read`, said);
      }
      if (overlaid(button, box)) wrong(`what the button “${said}” says cannot be read`, said);
    }
    for (const field of fields) {
      const box = into(field), there = page.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (taken(field, box) || !there || !(there === field || there.closest("label") || there.contains(field)))
        wrong(`the field “${field.name}” cannot be seen`, field.name);
    }
    for (const [label, said, nodes] of labels)
      if (into(label) && nodes.some((node) => unread(node, 10, label))) wrong(`the label “${said}” cannot be read`, said);
  };
  for (const [width, height] of sizes) {
    frame.style.width = `${width}px`;
    frame.style.height = `${height}px`;
    now = `${width} pixels`;
    // Transitions are at their end, however long they would take.
    void root.offsetWidth;
    for (const each of page.getAnimations()) each.finish();
    looked();
    if (!states) continue;
    for (const [each] of [...buttons, ...fields.map((field) => [field])]) {
      when = "with the focus on something: ";
      each.focus({preventScroll: true});
      for (const one of page.getAnimations()) one.finish();
      looked();
      each.blur();
    }
    const choices = fields.filter((field) => field.type === "radio"), before = choices.filter((field) => field.checked);
    for (const value of new Set(choices.map((field) => field.value))) {
      when = `with “${value}” chosen: `;
      for (const field of choices) if (field.value === value) field.checked = true;
      for (const one of page.getAnimations()) one.finish();
      looked();
    }
    for (const field of choices) field.checked = before.includes(field);
    when = under;
  }
  return [...found.values()].slice(0, 20);
}"""

# Where the middle of a button or a label is, of those that there are; nothing when there are no more.
MIDDLE = r"""(at) => {
  const view = document.querySelector("iframe").contentWindow, page = view.document;
  const one = [...page.querySelectorAll("main form :is(button, label)")][at];
  if (!one) return null;
  one.scrollIntoView({block: "center", behavior: "instant"});
  const box = one.getBoundingClientRect();
  view.pressed = false;
  page.onclick = (event) => {
    event.preventDefault();
    view.pressed = view.pressed || one.contains(event.target);
  };
  return [box.left + box.width / 2, box.top + box.height / 2, one.tagName === "BUTTON", one.textContent.trim().slice(0, 60)];
}"""
PRESSED = "() => document.querySelector('iframe').contentWindow.pressed"
# The page with nothing written on its buttons, or as it was; and where what is written on them stands.
BARE = r"""(bare) => {
  const frame = document.querySelector("iframe"), page = frame.contentDocument;
  page.defaultView.scrollTo({top: 0, left: 0, behavior: "instant"});
  let own = page.getElementById("bare");
  if (own) own.remove();
  if (bare) {
    own = page.createElement("style");
    own.id = "bare";
    own.textContent = "main form button, main form button * { color: transparent !important; transition: none !important;"
      + " -webkit-text-fill-color: transparent !important; text-shadow: none !important; text-decoration-color: transparent !important }";
    page.head.append(own);
  }
  void page.body.offsetWidth;
  for (const each of page.getAnimations()) each.finish();
  const found = [], range = page.createRange();
  for (const button of page.querySelectorAll("main form button")) {
    range.selectNodeContents(button);
    for (const box of range.getClientRects())
      if (box.width > 4 && box.height > 4) found.push([button.textContent.trim().slice(0, 60), box.left, box.top, box.right, box.bottom]);
  }
  return found;
}"""
