/** Charts drawn from what the page says, in the colours of the theme; a click leads to the rows. */
import { all, find } from "./dom.js";

/**
 * @typedef {{name: string, values: (number | null)[], texts: string[], urls: string[]}} Series
 * @typedef {{kind: "bar" | "line" | "pie", labels: string[], over_time: boolean, series: Series[]}} Chart
 */

/** ECharts' global, which its script makes before modules run. */
const echarts = /** @type {any} */ (globalThis).echarts;
const COLORS = 9;
const MANY = 8;

/**
 * A colour of the style sheet as the canvas takes it.
 * @param {string} name
 */
function color(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return "#888";
  context.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
}

/** @param {number} value */
function short(value) {
  return new Intl.NumberFormat(document.documentElement.lang === "es" ? "es-PE" : "en", { notation: Math.abs(value) < 10000 ? "standard" : "compact", maximumFractionDigits: 1 }).format(value);
}

/** @param {Chart} chart */
function options(chart) {
  const text = color("--tblr-body-color");
  const quiet = color("--tblr-secondary");
  const line = color("--tblr-border-color");
  const surface = color("--tblr-bg-surface");
  const common = {
    color: Array.from({ length: COLORS }, (_, n) => color(`--q-chart-${n + 1}`)),
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: text },
    tooltip: { renderMode: "richText", confine: true, backgroundColor: surface, borderColor: line, textStyle: { color: text } },
    legend: { show: chart.kind === "pie" || chart.series.length > 1, type: "scroll", bottom: 0, textStyle: { color: text }, pageTextStyle: { color: text }, pageIconColor: text },
  };
  return chart.kind === "pie" ? { ...common, ...pie(chart, surface, text) } : { ...common, ...axes(chart, quiet, line) };
}

/**
 * @param {Chart} chart
 * @param {string} surface
 * @param {string} text
 */
function pie(chart, surface, text) {
  const [series] = chart.series;
  return {
    tooltip: { renderMode: "richText", confine: true, formatter: (/** @type {any} */ at) => `${at.name}: ${series.texts[at.dataIndex]} (${at.percent} %)` },
    series: [{
      type: "pie",
      radius: ["38%", "68%"],
      center: ["50%", "46%"],
      label: { color: text },
      itemStyle: { borderColor: surface, borderWidth: 2 },
      data: chart.labels.map((name, n) => ({ name, value: series.values[n] })),
    }],
  };
}

/**
 * @param {Chart} chart
 * @param {string} quiet
 * @param {string} line
 */
function axes(chart, quiet, line) {
  const labels = { color: quiet, hideOverlap: true };
  // Names of many groups are read better beside each other's bars than below them.
  const lying = chart.kind === "bar" && !chart.over_time && chart.labels.length > MANY && Math.max(...chart.labels.map((label) => label.length)) > MANY;
  const names = { type: "category", data: chart.labels, inverse: lying, axisLabel: { ...labels, width: 140, overflow: "truncate" }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  const numbers = { type: "value", axisLabel: { ...labels, formatter: short }, splitLine: { lineStyle: { color: line } } };
  return {
    grid: { left: 8, right: 16, top: 16, bottom: chart.series.length > 1 ? 36 : 8, containLabel: true },
    xAxis: lying ? numbers : names,
    yAxis: lying ? names : numbers,
    series: chart.series.map((series) => ({
      name: series.name,
      type: chart.kind,
      data: series.values,
      stack: chart.kind === "bar" && chart.series.length > 1 ? "all" : undefined,
      barMaxWidth: 48,
      showSymbol: chart.labels.length < 40,
      connectNulls: true,
      tooltip: { valueFormatter: (/** @type {any} */ _value, /** @type {number} */ at) => series.texts[at] ?? "" },
    })),
  };
}

function start() {
  const form = find("[data-chart-form]", HTMLFormElement);
  const submit = form && find("[data-chart-submit]", HTMLElement, form);
  if (submit) submit.hidden = true;
  form?.addEventListener("change", () => form.requestSubmit());
  drawAll();
  document.addEventListener("htmx:after:swap", drawAll);
}

/** Draws what isn't drawn yet: figures of many rows come after the page. */
function drawAll() {
  for (const place of all("[data-chart]")) {
    if (echarts.getInstanceByDom(place)) continue;
    /** @type {Chart} */
    const chart = JSON.parse(place.dataset.chart ?? "{}");
    const drawing = echarts.init(place);
    const draw = () => drawing.setOption(options(chart), true);
    draw();
    drawing.on("click", (/** @type {any} */ at) => {
      const url = chart.series[at.seriesIndex]?.urls[at.dataIndex];
      if (url) location.assign(url);
    });
    new ResizeObserver(() => drawing.resize()).observe(place);
    document.addEventListener("qhatu:theme", draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  }
}

start();
