// One signal over time: canary, baseline, the limit, and what was done to the release.
// The chart lives in a shadow root, which keeps the page's style sheets away from its measuring; it draws only while it can be seen, and at most once in two seconds.
import ApexCharts from '../lib/apexcharts.esm.js';

const drawEvery = 2000;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = name => style.getPropertyValue(name).trim();
  return { canary: of('--run'), baseline: of('--faint'), limit: of('--fail'), line: of('--line'), ink: of('--soft'), panel: of('--panel'), note: of('--soft'), dark: document.documentElement.dataset.theme === 'dark' };
}

function annotations(marks, limit, limitText, c) {
  return {
    yaxis: limit === null ? [] : [{ y: limit, borderColor: c.limit, strokeDashArray: 4, label: { text: limitText, position: 'right', textAnchor: 'end', borderWidth: 0, style: { background: 'transparent', color: c.limit, fontSize: '11px' } } }],
    xaxis: marks.map(m => ({ x: m.at, borderColor: c.note, strokeDashArray: 2, label: { text: m.text, orientation: 'vertical', borderWidth: 0, offsetX: 2, style: { background: c.panel, color: c.ink, fontSize: '11px' } } })),
  };
}

export function create(host, { title, unit, limit, limitText, cap, canary, baseline, marks }) {
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

  const number = v => (v === null || v === undefined ? '' : `${Number(v.toPrecision(3))}${unit}`);
  const series = () => [{ name: 'new version', data: data.canary }, { name: 'previous version', data: data.baseline }];
  // The axis always holds the limit, so that how far away it is can be seen.
  const range = () => {
    const values = [...data.canary, ...data.baseline].map(point => point[1]).filter(value => value !== null);
    if (limit !== null) { values.push(limit); }
    if (values.length === 0) { return { min: 0, max: 1 }; }
    const min = Math.min(...values);
    const max = Math.max(...values);
    const room = (max - min || Math.abs(max) || 1) * 0.1;
    return { min: min >= 0 && min < room ? 0 : min - room, max: max + room };
  };

  // What was done before the first value was measured is shown too.
  const begins = () => {
    const times = [data.canary[0]?.[0], data.baseline[0]?.[0], ...marks.map(mark => mark.at)].filter(time => time !== undefined);
    return times.length === 0 ? undefined : Math.max(Math.min(...times), (data.canary[0]?.[0] ?? 0) - 600_000);
  };

  const options = () => {
    const c = colours();
    return {
      chart: { type: 'line', height: 220, animations: { enabled: false }, toolbar: { show: false }, zoom: { enabled: false }, fontFamily: 'inherit', background: 'transparent', foreColor: c.ink },
      title: { text: undefined },
      series: series(),
      colors: [c.canary, c.baseline],
      stroke: { width: [2, 1.5], dashArray: [0, 4] },
      markers: { size: 0 },
      grid: { borderColor: c.line, padding: { left: 8, right: 8 } },
      legend: { show: false },
      dataLabels: { enabled: false },
      xaxis: { type: 'datetime', min: begins(), labels: { datetimeUTC: true }, axisBorder: { color: c.line }, axisTicks: { color: c.line }, tooltip: { enabled: false } },
      yaxis: { ...range(), tickAmount: 4, labels: { formatter: number } },
      tooltip: { theme: c.dark ? 'dark' : 'light', x: { format: "HH:mm:ss 'UTC'" }, y: { formatter: number } },
      theme: { mode: c.dark ? 'dark' : 'light' },
      annotations: annotations(marks, limit, limitText, c),
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
