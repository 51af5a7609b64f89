// One signal over time: canary, baseline, the limit, and what was done to the release.
// The chart lives in a shadow root, which keeps the page's style sheets away from its measuring; it draws only while it can be seen, and at most once in two seconds.
import ApexCharts from '../lib/apexcharts.esm.js';

const drawEvery = 2000;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = name => style.getPropertyValue(name).trim();
  return { canary: of('--run'), baseline: of('--faint'), limit: of('--fail'), line: of('--line'), ink: of('--soft'), panel: of('--panel'), note: of('--soft'), dark: document.documentElement.dataset.theme === 'dark' };
}

const labelWidth = 15;
const longestLabel = 22;

// Marks too near to each other for a label each share one: their words while there is room, else the last and how many more.
function apart(marks, begins, ends, width) {
  const near = (ends - begins) / Math.max(1, width) * labelWidth;
  const shown = [];
  let group = null;
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    if (group && mark.at - group.at < near) {
      group.texts.push(mark.text);
      shown.push({ at: mark.at, texts: [] });
    } else {
      group = { at: mark.at, texts: [mark.text] };
      shown.push(group);
    }
  }
  return shown.map(({ at, texts }) => {
    const all = texts.join(', ');
    return { at, text: all.length <= longestLabel ? all : `${texts.at(-1)} (+${texts.length - 1})` };
  });
}

// The smallest round step of which at most four are needed.
function roundStep(span) {
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 2.5, 5, 10].map(n => n * power).find(step => step >= raw * 0.999) ?? raw;
}

function annotations(marks, limit, c) {
  return {
    yaxis: limit === null ? [] : [{ y: limit, borderColor: c.limit, strokeDashArray: 4, label: { text: 'limit', position: 'left', textAnchor: 'start', offsetX: 3, borderWidth: 0, style: { background: 'transparent', color: c.limit, fontSize: '11px' } } }],
    // To the right of its line: to the left the first would lie on the numbers of the axis.
    xaxis: marks.map(m => ({ x: m.at, borderColor: c.note, strokeDashArray: 2, label: { text: m.text, orientation: 'vertical', borderWidth: 0, offsetX: 16, style: { background: 'transparent', color: c.ink, fontSize: '11px' } } })),
  };
}

export function create(host, { title, unit, limit, cap, canary, baseline, marks }) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const inner = root.appendChild(document.createElement('div'));
  let data = { canary: canary.slice(-cap), baseline: baseline.slice(-cap) };
  let chart = null;
  let ready = null;
  let visible = false;
  let dirty = true;
  let drawn = 0;
  let timer = 0;
  let disposed = false;

  const number = v => {
    if (v === null || v === undefined) { return ''; }
    return unit === ' ms' && Math.abs(v) >= 999.5 ? `${Number((v / 1000).toPrecision(3))} s` : `${Number(v.toPrecision(3))}${unit}`;
  };
  const series = () => [{ name: 'new version', data: data.canary }, { name: 'previous version', data: data.baseline }];
  // The axis always holds the limit, so that how far away it is can be seen.
  const range = () => {
    const values = [...data.canary, ...data.baseline].map(point => point[1]).filter(value => value !== null);
    if (limit !== null) { values.push(limit); }
    if (values.length === 0) { return { min: 0, max: 1, tickAmount: 4 }; }
    const min = Math.min(...values);
    const max = Math.max(...values);
    const room = (max - min || Math.abs(max) || 1) * 0.1;
    const lowest = min >= 0 && min < room ? 0 : min - room;
    const step = roundStep(max + room - lowest);
    const from = Math.floor(lowest / step) * step;
    const to = Math.ceil((max + room) / step) * step;
    return { min: from, max: to, tickAmount: Math.round((to - from) / step) };
  };

  // What was done before the first value was measured is shown too.
  const begins = () => {
    const times = [data.canary[0]?.[0], data.baseline[0]?.[0], ...marks.map(mark => mark.at)].filter(time => time !== undefined);
    return times.length === 0 ? undefined : Math.max(Math.min(...times), (data.canary[0]?.[0] ?? 0) - 600_000);
  };

  const ends = () => Math.max(data.canary.at(-1)?.[0] ?? 0, data.baseline.at(-1)?.[0] ?? 0);

  const options = () => {
    const c = colours();
    return {
      chart: { type: 'line', height: 220, animations: { enabled: false }, toolbar: { show: false }, zoom: { enabled: false }, fontFamily: 'inherit', background: 'transparent', foreColor: c.ink },
      title: { text: undefined },
      series: series(),
      colors: [c.canary, c.baseline],
      stroke: { width: [2, 1.5], dashArray: [0, 4] },
      markers: { size: 0 },
      grid: { borderColor: c.line, padding: { left: 8, right: 18 } },
      legend: { show: false },
      dataLabels: { enabled: false },
      xaxis: { type: 'datetime', min: begins(), labels: { datetimeUTC: true }, axisBorder: { color: c.line }, axisTicks: { color: c.line }, tooltip: { enabled: false } },
      yaxis: { ...range(), labels: { formatter: number } },
      tooltip: { theme: c.dark ? 'dark' : 'light', x: { format: "HH:mm:ss 'UTC'" }, y: { formatter: number } },
      theme: { mode: c.dark ? 'dark' : 'light' },
      annotations: annotations(apart(marks.filter(mark => mark.at >= (begins() ?? 0)), begins() ?? 0, Math.max(ends(), ...marks.map(mark => mark.at)), host.clientWidth - 80), limit, c),
      noData: { text: 'nothing measured yet' },
    };
  };

  async function draw() {
    timer = 0;
    if (disposed || !visible || !dirty) { return; }
    dirty = false;
    drawn = performance.now();
    if (!chart) {
      chart = new ApexCharts(inner, options());
      ready = chart.render();
      await ready;
    } else {
      await ready;
      if (!disposed) { await chart.updateOptions(options(), false, false, false); }
    }
  }

  function later() {
    dirty = true;
    if (disposed || timer || !visible) { return; }
    timer = setTimeout(draw, Math.max(0, drawEvery - (performance.now() - drawn)));
  }

  const seen = new IntersectionObserver(entries => {
    visible = entries[entries.length - 1].isIntersecting;
    if (visible && dirty) { later(); }
  }, { rootMargin: '80px' });
  seen.observe(host);
  const recolour = () => later();
  document.addEventListener('themechange', recolour);
  host.setAttribute('data-chart', title);

  return {
    append(nextCanary, nextBaseline, nextMarks) {
      data = { canary: data.canary.concat(nextCanary).slice(-cap), baseline: data.baseline.concat(nextBaseline).slice(-cap) };
      marks = nextMarks ?? marks;
      later();
    },
    size: () => data.canary.length,
    dispose() {
      if (disposed) { return; }
      disposed = true;
      clearTimeout(timer);
      seen.disconnect();
      document.removeEventListener('themechange', recolour);
      chart?.destroy();
    },
  };
}
