import type { ProductRow, TeamRow } from "./crm-export.ts";

/** Invented throughout; any likeness to a company or a person is chance. */
const offices: Record<string, Record<string, readonly string[]>> = {
  Lakeside: {
    "Imke Vandervoort": [
      "Alderwick Systems",
      "Brackenmoor IT",
      "Cindervale Technology",
      "Dovermark Solutions",
      "Eskgate Computing",
      "Farrowby Networks",
    ],
    "Tobiah Marchetti-Lund": [
      "Glenquist Digital",
      "Harrowmint Systems",
      "Inverlode IT",
      "Junipergate Hardware",
      "Kilnbrook Solutions",
      "Larkfern Technology",
    ],
  },
  Seaboard: {
    "Oluchi Brandvold": [
      "Merrowdale Computing",
      "Nettlecombe Networks",
      "Oxenrath Systems",
      "Pennyquarry IT",
      "Quarleston Digital",
      "Rushmarrow Hardware",
    ],
    "Séverin Aaltokoski": [
      "Saltergate Solutions",
      "Thistlemoor Technology",
      "Umberfold Systems",
      "Vexbourne Computing",
      "Wharfinger Networks",
      "Yarrowhythe IT",
    ],
  },
  Highland: {
    "Pilar Osterhagen": [
      "Zephyrstoke Digital",
      "Ambercairn Hardware",
      "Birchanger Systems",
      "Copperlea Solutions",
      "Duskwater Technology",
      "Emberhollow IT",
    ],
    "Wendell Okonjo-Reyes": [
      "Foxglove & Tarn Computing",
      "Greywether Networks",
      "Hollinshaw Systems",
      "Ironmere Digital",
      "Jessamine Hardware",
    ],
  },
};

/** The team list: 35 partners with their partner manager and region. */
export const sampleTeams: readonly TeamRow[] = Object.entries(offices).flatMap(
  ([regional_office, managers]) =>
    Object.entries(managers).flatMap(([manager, partners]) =>
      partners.map((sales_agent) => ({ sales_agent, manager, regional_office })),
    ),
);

/** In the team list, but they never entered a deal. */
export const partnersWithoutDeals: readonly string[] = [
  "Eskgate Computing",
  "Larkfern Technology",
  "Quarleston Digital",
  "Umberfold Systems",
  "Jessamine Hardware",
];

/** List prices in US dollars. */
export const sampleProducts: readonly ProductRow[] = [
  { product: "Tern Basic", series: "Tern", sales_price: "540" },
  { product: "Tern Pro", series: "Tern", sales_price: "4760" },
  { product: "Wren Mini", series: "Wren", sales_price: "58" },
  { product: "Wren Rack", series: "Wren", sales_price: "3420" },
  { product: "Tern Max Pro", series: "Tern", sales_price: "5530" },
  { product: "Tern Max Basic", series: "Tern", sales_price: "1120" },
  { product: "Osprey 500", series: "Osprey", sales_price: "26400" },
];

/** How the opportunities spell `Tern Pro`: the price list does not know it. */
export const misspeltProduct = { listed: "Tern Pro", exported: "TernPro" };

export const accountStems: readonly string[] = [
  "Ardelby",
  "Bramlinge",
  "Corvanne",
  "Delmorra",
  "Estwicken",
  "Fennolade",
  "Garrowind",
  "Hestinova",
  "Ivarro",
  "Jorvale",
  "Kestovar",
  "Lumerind",
  "Mardocken",
  "Norvelle",
  "Orlebarn",
  "Pellwarden",
  "Quenbriar",
];

/** The kind of business in the name, and its sector as the export spells it: `manufactoring` is one of the defects. */
export const accountKinds: readonly { readonly ending: string; readonly sector: string }[] = [
  { ending: "Mills", sector: "manufactoring" },
  { ending: "Clinics", sector: "medical" },
  { ending: "Stores", sector: "retail" },
  { ending: "Capital", sector: "finance" },
  { ending: "Studios", sector: "entertainment" },
];

/** Where the accounts outside the United States sit; `Portugual` is one of the defects. */
export const accountCountries: readonly string[] = [
  "Portugual",
  "Norway",
  "Kenya",
  "Japan",
  "Brazil",
  "Poland",
  "Germany",
  "Canada",
];
