// What of a page's charts does not fit, as the browser shows it: `fitting.every()`, and `fitting.faults` of one drawing.
// Boxes are compared as they are turned: a slanted name takes no room beside its line. A pixel or two are rounding.
window.fitting = (() => {
const faults = (svg, frame) => {
    const edge = frame.getBoundingClientRect(), faults = [];
    const corners = (text) => {
        const { x, y, width, height } = text.getBBox(), turn = text.getScreenCTM();
        return [[0, 0], [1, 0], [1, 1], [0, 1]].map(([right, down]) => {
            const point = new DOMPoint(x + right * width, y + down * height).matrixTransform(turn);
            return [point.x, point.y];
        });
    };
    const apart = (one, other) => [one, other].some((box) => [0, 1].some((side) => {
        const [across, down] = [box[side + 1][0] - box[side][0], box[side + 1][1] - box[side][1]];
        const size = Math.hypot(across, down) || 1;
        const along = (points) => points.map(([x, y]) => (x * across + y * down) / size);
        const [near, far] = [along(one), along(other)];
        return Math.max(...near) - 1.5 <= Math.min(...far) || Math.max(...far) - 1.5 <= Math.min(...near);
    }));
    const texts = [...svg.querySelectorAll('text')].filter((text) => /\S/.test(text.textContent) && +getComputedStyle(text).opacity)
        .map((text) => ({ said: text.textContent, box: corners(text) }));
    for (const { said, box } of texts) {
        if (said.endsWith('\u2026')) faults.push(`cut short: ${said}`);
        const beyond = box.some(([x, y]) => x < edge.left - 1.5 || x > edge.right + 1.5 || y < edge.top - 4 || y > edge.bottom + 4);
        if (beyond) faults.push(`outside: ${said}`);
    }
    texts.forEach((one, place) => texts.slice(0, place).forEach((other) => {
        if (!apart(one.box, other.box)) faults.push(`over one another: ${one.said}, ${other.said}`);
    }));
    for (const mark of svg.querySelectorAll(':is(.role-mark, .role-legend-symbol):not([clip-path] *) > :is(path, line, rect)')) {
        const box = mark.getBoundingClientRect();
        if ((box.width || box.height) && (box.left < edge.left - 2 || box.right > edge.right + 2 || box.bottom > edge.bottom + 2))
            faults.push(`outside: a mark of ${mark.parentElement.getAttribute('class')}`);
    }
    return faults;
};
// Of a live chart: its plot takes a good part of the width, its ticks are even, and each series has its name, once.
const live = (figure) => {
    const svg = figure.querySelector('.gvc-live svg'), place = figure.querySelector('.gvc-view'), { view } = figure.gvc;
    const found = faults(svg, place);
    const plot = svg.querySelector('.root > g > path.background').getBoundingClientRect();
    if (plot.width < 0.4 * place.clientWidth) found.push(`a plot of ${Math.round(plot.width)} of ${place.clientWidth} px`);
    for (const text of svg.querySelectorAll('text'))
        if (parseFloat(getComputedStyle(text).fontSize) < 12) found.push(`smaller than 12 px: ${text.textContent}`);
    const letters = (text) => text.replace(/^[\u2714\u25d0\u2716\u21c4\u201c?]\s/, '').replace(/\s/g, ''); // without a verdict's sign
    const all = [...svg.querySelectorAll('text')].map((text) => letters(text.textContent));
    const scale = (name) => { try { return view.scale(name); } catch { return undefined; } };
    const told = (value) => { try { return view.signal('gvc_names')[value] ?? value; } catch { return value; } };
    for (const channel of ['color', 'fill', 'stroke', 'shape', 'strokeDash']) {
        const names = scale(channel);
        if (!names || names.type !== 'ordinal' || !svg.querySelector('.role-legend')) continue;
        for (const value of names.domain()) {
            const name = told(value), times = all.filter((text) => text === letters(String(name))).length;
            if (!times) found.push(`without a name: ${name}`);
        }
    }
    const legend = [...svg.querySelectorAll('.role-legend-label text')].map((text) => letters(text.textContent));
    if (new Set(legend).size < legend.length) found.push(`said twice in the legend: ${legend}`);
    for (const axis of svg.querySelectorAll('.role-axis-label')) {
        const ticks = [...axis.querySelectorAll('text')].filter((text) => +getComputedStyle(text).opacity)
            .map((text) => [text.__data__.datum.value]).filter(([value]) => typeof value === 'number')
            .sort(([one], [other]) => one - other);
        const steps = ticks.slice(1).map(([value], place) => Math.abs(value - ticks[place][0]));
        const logs = ['x', 'y'].some((name) => scale(name)?.type === 'log');
        if (!logs && steps.some((step) => Math.abs(step - steps[0]) > 1e-6 * Math.max(...steps)))
            found.push(`uneven ticks: ${ticks.map(([value]) => value)}`);
    }
    return found.map((fault) => `${figure.id}: ${fault}`);
};
const every = () => [...document.querySelectorAll('figure.gvc-figure')].flatMap(live);
// On paper the page is laid out anew and no script is waited for: what the browser has then is what is printed.
const printed = [];
matchMedia('print').addEventListener('change', ({ matches }) => {
    if (!matches) return;
    for (const figure of document.querySelectorAll('figure.gvc-figure'))
        printed.push(...faults(figure.querySelector('.gvc-live svg'), figure.querySelector('.gvc-view')));
    for (const code of document.querySelectorAll('main pre'))
        if (code.scrollWidth > code.clientWidth + 1) printed.push(`a line is cut: ${code.textContent.slice(0, 60)}`);
});
// Has the charts drawn in this font from now on.
const font = (name) => {
    const [now, then] = [gvc.config.font, name].map((one) => JSON.stringify(one));
    const inFont = (part) => JSON.parse(JSON.stringify(part).replaceAll(now, then));
    const stored = gvc.spec;
    gvc.config = inFont(gvc.config);
    gvc.spec = async (figure) => inFont(await stored(figure));
};
return { faults, every, printed, font };
})();
