import { message } from "@doppelwerk/messages";
import { classNamed } from "../class-table.ts";
import { identifiableClassOf, idOf } from "./identifiable-of.ts";
import { isEmpty, isObject, itemsOf, Draft, type Loose, type Reporting } from "./loose.ts";
import { addExtension, lastKeyOf } from "./upgrade-elements.ts";
import { upgradeReference } from "./upgrade-reference.ts";

const SUBMODELS_OF_ASSET = [
  "assetIdentificationModelRef",
  "assetIdentificationModel",
  "billOfMaterialRef",
  "billOfMaterial",
  "billOfMaterials",
];

const FILE = classNamed("File");
const RESOURCE = classNamed("Resource");

/** Shells of an environment, and the assets that releases 1 and 2 kept beside them. */
export class ShellUpgrade {
  readonly #telling: Reporting;
  readonly #upgradeSubmodel: (given: Loose, path: string) => unknown;
  /** Assets of releases 1 and 2 by id, each until a shell takes it. */
  readonly #assets = new Map<string, Loose>();
  readonly #taken = new Set<string>();
  /** Submodels that a shell held itself. */
  readonly #hoisted: Loose[] = [];

  constructor(telling: Reporting, upgradeSubmodel: (given: Loose, path: string) => unknown) {
    this.#telling = telling;
    this.#upgradeSubmodel = upgradeSubmodel;
  }

  collectAssets(draft: Draft): void {
    if (!draft.has("assets")) return;
    const assets = draft.take("assets");
    this.#telling.legacy = true;
    itemsOf(assets).forEach((asset, index) => {
      const path = `assets[${index}]`;
      const id = isObject(asset) ? idOf(asset) : undefined;
      if (!isObject(asset) || id === undefined) this.#telling.info(path, "release", message("aas.assetWithoutIdentification"));
      else this.#assets.set(id, { ...asset, path });
    });
  }

  /** What no shell took: assets get shells of their own, submodels that stood inside shells come to the others. */
  finish(draft: Draft): void {
    if (this.#hoisted.length > 0) {
      const own = itemsOf(draft.get("submodels"));
      const known = new Set(own.map((submodel) => (isObject(submodel) ? submodel["id"] : undefined)));
      draft.set("submodels", [...own, ...this.#hoisted.filter(({ id }) => !known.has(id))]);
    }
    for (const [id, asset] of this.#assets) {
      if (this.#taken.has(id)) continue;
      const { path, ...more } = asset;
      this.#telling.repaired(String(path), "release", message("aas.shellMadeForAsset", { id: JSON.stringify(id) }));
      const shell = new Draft({
        modelType: "AssetAdministrationShell",
        id: `${id}/aas`,
        ...(typeof more["idShort"] === "string" && more["idShort"] !== "" ? { idShort: more["idShort"] } : {}),
      });
      this.#useAsset(shell, id);
      draft.set("assetAdministrationShells", [...itemsOf(draft.get("assetAdministrationShells")), shell.now()]);
    }
  }

  shell(draft: Draft, path: string): void {
    this.#assetOfShell(draft, path);
    const information = draft.get("assetInformation");
    if (isObject(information)) {
      const id = lastKeyOf(information["globalAssetId"]);
      if (id !== undefined && this.#assets.has(id) && !this.#taken.has(id)) this.#keepAsset(draft, id);
      this.#submodelsOfAsset(draft, information, `${path}.assetInformation`);
      const left = SUBMODELS_OF_ASSET.filter((name) => name in information);
      if (left.length > 0)
        draft.set("assetInformation", Object.fromEntries(Object.entries(information).filter(([name]) => !left.includes(name))));
    }
    this.#references("views", "view", "containedElements", draft, path);
    this.#references("conceptDictionaries", "conceptDictionary", "conceptDescriptionRefs", draft, path);
    this.#references("conceptDictionary", "conceptDictionary", "conceptDescriptions", draft, path);
    if (draft.has("security")) {
      draft.take("security");
      this.#telling.repaired(path, "release", message("aas.accessRulesLeftOut"));
    }
    this.#hoist(draft, path);
  }

  /** The asset that a shell refers to, holds, or both; BaSyx of release 2 wrote the one beside the other. */
  #assetOfShell(draft: Draft, path: string): void {
    const given = [draft.take("assetRef"), draft.take("asset")].filter((asset) => !isEmpty(asset));
    for (const asset of given) {
      const own = isObject(asset) ? idOf(asset) : undefined;
      if (own !== undefined && !this.#assets.has(own)) this.#assets.set(own, { ...(asset as Loose), path: `${path}.asset` });
    }
    for (const asset of given) {
      const id = lastKeyOf(asset) ?? (isObject(asset) ? idOf(asset) : undefined);
      if (id !== undefined && !draft.has("assetInformation")) {
        this.#useAsset(draft, id);
        this.#telling.count(path, message("aas.assetReferenceBecameInformation"));
      } else if (!this.#isKnown(id, draft)) {
        const name = id === undefined ? "that has no id" : JSON.stringify(id);
        this.#telling.repaired(path, "release", message("aas.shellAssetSecond", { name }));
      }
    }
  }

  /** Whether the asset is the shell's own, or one that is kept anyway. */
  #isKnown(id: string | undefined, draft: Draft): boolean {
    const information = draft.get("assetInformation");
    const own = isObject(information) ? information["globalAssetId"] : undefined;
    return id !== undefined && (this.#assets.has(id) || (lastKeyOf(own) ?? own) === id);
  }

  assetInformation(draft: Draft, path: string): void {
    const id = draft.get("globalAssetId");
    if (isObject(id) || Array.isArray(id)) {
      draft.set("globalAssetId", lastKeyOf(id));
      this.#telling.count(path, message("aas.globalAssetIdBecameIdentifier"));
    }
    const kind = draft.get("assetKind");
    const kinds: Readonly<Record<string, string>> = {
      type: "Type",
      template: "Type",
      instance: "Instance",
      notapplicable: "NotApplicable",
      role: "Role",
      batch: "Batch",
    };
    if (typeof kind === "string" && Object.hasOwn(kinds, kind.toLowerCase()) && kinds[kind.toLowerCase()] !== kind) {
      draft.set("assetKind", kinds[kind.toLowerCase()]);
      this.#telling.count(
        path,
        message("aas.assetKindBecame", { kind: JSON.stringify(kind), kind2: kinds[kind.toLowerCase()]! }),
        "enumeration",
      );
    }
    const thumbnail = draft.get("defaultThumbnail") ?? draft.get("thumbnail");
    draft.take("thumbnail");
    if (isObject(thumbnail)) draft.set("defaultThumbnail", this.#resource(thumbnail, `${path}.defaultThumbnail`));
    else if (typeof thumbnail === "string" && thumbnail !== "") draft.set("defaultThumbnail", { path: thumbnail });
    else if (thumbnail !== draft.get("defaultThumbnail")) draft.set("defaultThumbnail", thumbnail);
    if (isObject(draft.get("defaultThumbnail")) && isEmpty((draft.get("defaultThumbnail") as Loose)["path"])) {
      draft.take("defaultThumbnail");
      this.#telling.repaired(`${path}.defaultThumbnail`, "required", message("aas.thumbnailWithoutPathSaysNothing"));
    }
  }

  /** Drafts of release 3 had a File element for a thumbnail. */
  #resource(thumbnail: Loose, path: string): Loose {
    const draft = new Draft(thumbnail);
    if (!draft.has("path") && typeof draft.get("value") === "string") draft.set("path", draft.take("value"));
    for (const name of draft.names()) {
      if (name === "modelType" || RESOURCE.byName.has(name) || !(name === "kind" || FILE.byName.has(name))) continue;
      draft.take(name);
      this.#telling.count(path, message("aas.thumbnailElementAnyMore", { name }));
    }
    return draft.now();
  }

  /** The asset of a release 1 or 2 becomes the asset information of the shell that refers to it. */
  #useAsset(draft: Draft, id: string): void {
    const kind = this.#assets.get(id)?.["kind"];
    const assetKind = typeof kind !== "string" ? "NotApplicable" : /^(type|template)$/i.test(kind) ? "Type" : "Instance";
    draft.set("assetInformation", { assetKind, globalAssetId: id });
    this.#keepAsset(draft, id);
  }

  /** What else an asset said: its submodels become the shell's, the rest an extension. */
  #keepAsset(draft: Draft, id: string): void {
    const asset = this.#assets.get(id);
    this.#taken.add(id);
    if (asset === undefined) return;
    const path = String(asset["path"]);
    this.#submodelsOfAsset(draft, asset, path);
    const placed = new Set(["path", "kind", "identification", "modelType", "parent", ...SUBMODELS_OF_ASSET]);
    const rest = Object.entries(asset).filter(([name, value]) => !placed.has(name) && !isEmpty(value));
    if (rest.length === 0) return;
    addExtension(draft, { name: "asset", valueType: "xs:string", value: JSON.stringify(Object.fromEntries(rest)) });
    this.#telling.info(path, "release", message("aas.assetAttributeKeptAsExtension", { name: rest.map(([name]) => name).join(", ") }));
  }

  #submodelsOfAsset(draft: Draft, asset: Loose, path: string): void {
    for (const name of SUBMODELS_OF_ASSET)
      for (const reference of itemsOf(asset[name])) {
        const submodel = lastKeyOf(reference);
        const submodels = itemsOf(draft.get("submodels") ?? draft.get("submodelRefs"));
        if (submodel === undefined || submodels.some((other) => lastKeyOf(other) === submodel)) continue;
        draft.take("submodelRefs");
        draft.set("submodels", [...submodels, { type: "ModelReference", keys: [{ type: "Submodel", value: submodel }] }]);
        this.#telling.info(path, "release", message("aas.assetPartBecameSubmodelReference", { name }));
      }
  }

  /** Views and concept dictionaries were lists of references: they are kept as extensions that refer to the same. */
  #references(attribute: string, noun: string, inside: string, draft: Draft, path: string): void {
    for (const item of itemsOf(draft.take(attribute))) {
      if (!isObject(item) || isEmpty(item)) continue;
      const references = itemsOf(item[inside] ?? item["containedElement"] ?? item["conceptDescription"]).flatMap((reference) => {
        const upgraded = upgradeReference(reference, path, this.#telling);
        return upgraded === undefined ? [] : [upgraded];
      });
      const idShort = typeof item["idShort"] === "string" && item["idShort"] !== "" ? item["idShort"] : noun;
      addExtension(draft, { name: `${noun}: ${idShort}`.slice(0, 128), ...(references.length > 0 ? { refersTo: references } : {}) });
      this.#telling.repaired(path, "release", message("aas.keptAsExtension", { noun, idShort: JSON.stringify(idShort.slice(0, 80)) }));
    }
  }

  /** Some writers put whole submodels where references belong. */
  #hoist(draft: Draft, path: string): void {
    const submodels = draft.get("submodels");
    if (
      !Array.isArray(submodels) ||
      !submodels.some((item) => isObject(item) && item["keys"] === undefined && identifiableClassOf(item) === "Submodel")
    )
      return;
    draft.set(
      "submodels",
      submodels.map((item, index) => {
        if (!isObject(item) || item["keys"] !== undefined || identifiableClassOf(item) !== "Submodel") return item;
        const submodel = this.#upgradeSubmodel(item, `${path}.submodels[${index}]`) as Loose;
        if (typeof submodel["id"] !== "string" || submodel["id"] === "") return item;
        this.#hoisted.push(submodel);
        this.#telling.repaired(`${path}.submodels[${index}]`, "structure", message("aas.wholeSubmodelStoodWhereReference"));
        return { type: "ModelReference", keys: [{ type: "Submodel", value: submodel["id"] }] };
      }),
    );
  }
}
