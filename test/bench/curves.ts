/** One line of the picture: how much something costs at each size. */
export interface Curve {
  readonly name: string;
  readonly slope: number;
  readonly points: readonly (readonly [size: number, units: number])[];
}

const WIDTH = 760;
const HEIGHT = 480;
const FRAME = { left: 78, right: 270, top: 56, bottom: 56 } as const;
/** Told apart also by those who do not see all colours, and by their marks. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#7b3294"] as const;

const decades = (values: readonly number[]): readonly [number, number] => [
  Math.floor(Math.log10(Math.min(...values))),
  Math.ceil(Math.log10(Math.max(...values))),
];

const text = (
  x: number,
  y: number,
  content: string,
  { anchor = "start", size = 13, rest = "" } = {},
): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" ${rest}>${content}</text>`;

const MARKS: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="5"/>`,
  (x, y) => `<rect x="${x - 4.5}" y="${y - 4.5}" width="9" height="9"/>`,
  (x, y) => `<path d="M${x} ${y - 6} l6 11 h-12 z"/>`,
  (x, y) => `<path d="M${x} ${y - 6.5} l6.5 6.5 l-6.5 6.5 l-6.5 -6.5 z"/>`,
];

/** Both axes by powers of ten, with a dashed line beside which a cost grows as its size does. */
export function curvesSvg(curves: readonly Curve[]): string {
  const all = curves.flatMap(({ points }) => points);
  const [x0, x1] = decades(all.map(([size]) => size));
  const [y0, y1] = decades(all.map(([, units]) => units));
  const right = WIDTH - FRAME.right;
  const bottom = HEIGHT - FRAME.bottom;
  const x = (size: number) =>
    FRAME.left + ((Math.log10(size) - x0) / (x1 - x0)) * (right - FRAME.left);
  const y = (units: number) =>
    bottom - ((Math.log10(units) - y0) / (y1 - y0)) * (bottom - FRAME.top);
  const powers = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at));
  const shown = (value: number) => value.toLocaleString("en");

  const grid = [
    ...powers(x0, x1).flatMap((size) => [
      `<line x1="${x(size)}" y1="${FRAME.top}" x2="${x(size)}" y2="${bottom}" stroke="#ddd"/>`,
      text(x(size), bottom + 20, shown(size), { anchor: "middle" }),
    ]),
    ...powers(y0, y1).flatMap((units) => [
      `<line x1="${FRAME.left}" y1="${y(units)}" x2="${right}" y2="${y(units)}" stroke="#ddd"/>`,
      text(FRAME.left - 8, y(units) + 4, shown(units), { anchor: "end" }),
    ]),
  ];
  // As far as both axes reach, from the corner.
  const reach = Math.min(x1 - x0, y1 - y0);
  const reference = `<line x1="${x(10 ** x0)}" y1="${y(10 ** y0)}" x2="${x(10 ** (x0 + reach))}" y2="${y(10 ** (y0 + reach))}" stroke="#555" stroke-dasharray="6 5"/>`;
  const lines = curves.map(({ points }, at) => {
    const colour = COLOURS[at % COLOURS.length] ?? "#000";
    const places = points.map(([size, units]) => [x(size), y(units)] as const);
    const path = places.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ");
    const mark = MARKS[at % MARKS.length];
    return `<g fill="${colour}" stroke="none"><polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${places.map(([px, py]) => mark?.(px, py)).join("")}</g>`;
  });
  const legend = curves.flatMap(({ name, slope }, at) => {
    const top = FRAME.top + 14 + at * 44;
    const colour = COLOURS[at % COLOURS.length] ?? "#000";
    return [
      `<g fill="${colour}"><line x1="${right + 20}" y1="${top}" x2="${right + 48}" y2="${top}" stroke="${colour}" stroke-width="2"/>${MARKS[at % MARKS.length]?.(right + 34, top)}</g>`,
      text(right + 58, top + 4, name, { size: 14 }),
      text(right + 58, top + 21, `slope ${slope.toFixed(3)}`, { size: 12, rest: 'fill="#555"' }),
    ];
  });
  const dashed = FRAME.top + 14 + curves.length * 44;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" fill="#222">`,
    "<title>Capacity units of import, kick-off, export and re-scoring by size</title>",
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(
      FRAME.left,
      30,
      "Capacity units by size: what grows as fast as its size is parallel to the dashed line",
      { size: 15 },
    ),
    ...grid,
    `<rect x="${FRAME.left}" y="${FRAME.top}" width="${right - FRAME.left}" height="${bottom - FRAME.top}" fill="none" stroke="#888"/>`,
    reference,
    ...lines,
    ...legend,
    `<line x1="${right + 20}" y1="${dashed}" x2="${right + 48}" y2="${dashed}" stroke="#555" stroke-dasharray="6 5"/>`,
    text(right + 58, dashed + 4, "slope 1", { size: 14 }),
    text((FRAME.left + right) / 2, HEIGHT - 14, "rows or partners", { anchor: "middle", size: 14 }),
    text(0, 0, "read and write units", {
      anchor: "middle",
      size: 14,
      rest: `transform="translate(20 ${(FRAME.top + bottom) / 2}) rotate(-90)"`,
    }),
    "</svg>",
    "",
  ].join("\n");
}
