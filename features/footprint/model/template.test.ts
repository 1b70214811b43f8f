import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { testOnSharedData } from "../../../scripts/shared-data.ts";
import { pcfSubmodel } from "./pcf-submodel.ts";

interface Element {
  readonly idShort?: string;
  readonly modelType: string;
  readonly valueType?: string;
  readonly semanticId?: { readonly keys: readonly { readonly value: string }[] };
  readonly qualifiers?: readonly { readonly type: string; readonly value: string }[];
  readonly value?: unknown;
  readonly submodelElements?: readonly Element[];
}

const childrenOf = (element: Element): readonly Element[] =>
  element.submodelElements ?? (Array.isArray(element.value) ? (element.value as Element[]).filter(({ modelType }) => modelType) : []);
const nameOf = (element: Element): string =>
  [element.idShort ?? "", element.modelType, element.valueType ?? "", element.semanticId?.keys[0]?.value ?? ""].join(" | ");

testOnSharedData(
  "[CF5] the submodel has every mandatory element of the published template, with its idShort, type and semantic id, and no other",
  "aas/templates/IDTA_02023-1-0-1__Template_CarbonFootprint.json",
  (file) => {
    const template = (JSON.parse(readFileSync(file, "utf8")) as { readonly submodels: readonly Element[] }).submodels[0]!;
    const ours = pcfSubmodel({
      id: "urn:pcf",
      kg: 1.5,
      quantity: 3,
      publishedAt: "2026-11-30T12:00:00Z",
      explanation: { en: "partial", zh: "部分" },
      information: ["electricity"],
    }) as Element;
    const compare = (own: Element, of: Element): void => {
      expect(nameOf(own)).toBe(nameOf(of));
      const allowed = childrenOf(of);
      const isFree = (element: Element): boolean => element.semanticId?.keys[0]?.value === "https://admin-shell.io/SMT/General/Arbitrary";
      for (const each of allowed)
        if (each.qualifiers?.some(({ type, value }) => type === "SMT/Cardinality" && value.startsWith("One")))
          expect(childrenOf(own).map(nameOf), nameOf(own)).toContain(nameOf(each));
      for (const child of childrenOf(own)) {
        if (isFree(child)) continue;
        const like = allowed.find((each) => nameOf(each) === nameOf(child));
        expect(like, nameOf(child)).toBeDefined();
        compare(child, like!);
      }
    };
    compare(ours, template);
  },
);
