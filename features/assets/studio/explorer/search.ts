/** What a search looks in. */
export type SearchTarget = "shells" | "submodels" | "concept-descriptions";

/** `indexed`: what an index knows, so that the whole text is found at once however many records there are. */
const fields: Readonly<Record<SearchTarget, { readonly indexed: readonly string[]; readonly read: readonly (readonly string[])[] }>> = {
  shells: {
    indexed: ["$aas#idShort", "$aas#id", "$aas#assetInformation.globalAssetId", "$sm#semanticId", "$sm#idShort"],
    read: [
      ["$aas#idShort", "$aas#id", "$aas#assetInformation.globalAssetId", "$aas#assetInformation.specificAssetIds[].value"],
      // A step of its own: every submodel of every shell is read for it.
      ["$sm#semanticId"],
    ],
  },
  submodels: {
    indexed: ["$sm#idShort", "$sm#id", "$sm#semanticId", "$sme#semanticId"],
    read: [["$sm#idShort", "$sm#id", "$sm#semanticId"]],
  },
  "concept-descriptions": { indexed: ["$cd#idShort", "$cd#id"], read: [["$cd#idShort", "$cd#id"]] },
};

/**
 * The queries (AASQL) of a search, to be asked one after the other: first what an index answers at once, the whole text in any of the fields,
 * then what contains it, for which a repository may have to read every record; what costs least is asked first.
 */
export function searchQueries(text: string, target: SearchTarget): readonly object[] {
  const wanted = text.trim();
  const any = (operator: string, names: readonly string[]): object => {
    const either = names.map((name) => ({ [operator]: [{ $field: name }, { $strVal: wanted }] }));
    return { $condition: either.length === 1 ? either[0] : { $or: either } };
  };
  return [any("$eq", fields[target].indexed), ...fields[target].read.map((names) => any("$contains", names))];
}

const names: Readonly<Record<SearchTarget, string>> = {
  shells: "$aas#idShort",
  submodels: "$sm#idShort",
  "concept-descriptions": "$cd#idShort",
};

/** What begins with these letters, as typed, and in the cases that names mostly have: the query language distinguishes them. */
export function beginsWithQuery(text: string, target: SearchTarget): object {
  const lower = text.toLowerCase();
  const forms = new Set([text, lower, text.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)]);
  const each = [...forms].map((form) => ({ "$starts-with": [{ $field: names[target] }, { $strVal: form }] }));
  return { $condition: each.length === 1 ? each[0] : { $or: each } };
}

/** A first query to begin with. */
export const EXAMPLE_QUERY = `{
  "$condition": {
    "$and": [
      { "$contains": [{ "$field": "$sm#idShort" }, { "$strVal": "Nameplate" }] },
      { "$contains": [{ "$field": "$sme.ManufacturerName#value" }, { "$strVal": "" }] }
    ]
  }
}`;
