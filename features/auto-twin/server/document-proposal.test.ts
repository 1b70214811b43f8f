import { textOf, verbatim } from "@doppelwerk/kit";
import { expect, test } from "vitest";
import { documentEvidence, groupedFindings } from "./document-proposal.ts";

test("[SV94] what is wrong with a file of documents is told once with its places, and of each shell which submodels it brings", () => {
  const at = (path: string, message: string) => ({ path: `a.xml#${path}`, constraint: "AASd-122", message });
  expect(groupedFindings([at("submodels[0]", "first key"), at("submodels[1]", "first key"), at("submodels[1]", "last key")])).toEqual([
    {
      message: verbatim("first key"),
      finding: { constraint: "AASd-122", message: "first key" },
      count: 2,
      examples: ["submodels[0]", "submodels[1]"],
    },
    {
      message: verbatim("last key"),
      finding: { constraint: "AASd-122", message: "last key" },
      count: 0,
      examples: ["submodels[1]"],
    },
  ]);
  const reference = (value: string) => ({ type: "ModelReference" as const, keys: [{ type: "Submodel" as const, value }] });
  const shell = {
    modelType: "AssetAdministrationShell" as const,
    id: "urn:s",
    idShort: "Motor",
    assetInformation: { assetKind: "Instance" as const },
    submodels: [reference("urn:n"), reference("urn:elsewhere")],
  };
  const [told] = documentEvidence("m.aasx", [shell], [{ modelType: "Submodel", id: "urn:n", idShort: "Nameplate" }]);
  expect(textOf(told!.message)).toBe("from the file m.aasx, with Nameplate");
});
