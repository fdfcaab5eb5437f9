/** Invented throughout; any likeness to a person is chance. */
const givenNames = ["Marit", "Anselm", "Yewande", "Tuomas", "Graciela", "Lorcan", "Sunniva"];
const familyNames = ["Solheim", "Abernethy", "Oyelaran", "Castellane", "Virtamo"];

export const vendorPeople = {
  owner: "Halvard Brightwater",
  programManager: "Noor Halvorsen",
  executiveSponsor: "Gwendal Mbeki-Strand",
  dataSteward: "Ilse Quintero-Vale",
} as const;

/** Everybody of the demo logs in with it; it runs on loopback alone and its data is removed at the next start. */
export const PASSWORD = "a password of the demo";

/** The executive of the partner at this position of the team list; up to 35 differ. */
export function executiveAt(position: number): string {
  const given = givenNames[position % givenNames.length];
  const family = familyNames[Math.floor(position / givenNames.length) % familyNames.length];
  return `${given} ${family}`;
}

/** `Séverin Aaltokoski` as `severin-aaltokoski`. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
