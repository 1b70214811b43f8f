import { endpoint, z } from "@doppelwerk/kit";
import { provenListShape } from "./control-lists.ts";

export const listControls = endpoint({
  id: "controls.lists",
  route: "GET /controls",
  summary: "Lists of security requirements (IEC 62443-4-2, OWASP ASVS): what the product does about each, and which tests show it",
  action: "administer",
  answer: z.array(provenListShape).readonly(),
});

export const reportControls = endpoint({
  id: "controls.report",
  route: "GET /controls/report",
  summary: "The same as one page in HTML, to be printed",
  action: "administer",
  answer: { octets: "text/html; charset=utf-8" },
});

export const readBillOfMaterials = endpoint({
  id: "controls.billOfMaterials",
  route: "GET /bill-of-materials",
  summary: "What the installed package consists of (CycloneDX 1.6); a server that runs from a checkout has none",
  action: "administer",
  answer: { octets: "application/vnd.cyclonedx+json" },
  errors: ["DW_NOT_FOUND"],
});

export const controlsContract = [listControls, reportControls, readBillOfMaterials] as const;
