import type { ElementRecord, LocalText } from "@doppelwerk/kit";
import { localText, type PlantReader } from "./element-reader.ts";
import type { PlantProduct, PlantStation } from "./plant.ts";

/** What a product of the file has beside its attributes. */
const NO_ATTRIBUTE: ReadonlySet<string> = new Set(["Id", "Share", "BatchMin", "BatchMax"]);

export interface PlantProducts {
  readonly products: readonly PlantProduct[];
  /** Attribute → the display name of its property, where one is given. */
  readonly attributeTitles: Readonly<Record<string, LocalText>>;
}

/** `Products` of the line; every further property of a product is an attribute of it, which set-ups may compare. */
export function readProducts(elements: PlantReader, stations: readonly PlantStation[], findings: LocalText[]): PlantProducts {
  const items = elements.items(elements.submodel.id, "Products");
  const titles = new Map<string, LocalText>();
  for (const { idShort, body } of items.flatMap((item) => attributesOf(elements, item)))
    if (body["displayName"] !== undefined && !titles.has(idShort!)) titles.set(idShort!, localText(body["displayName"], idShort!));
  const products = items.flatMap((item) => readProduct(elements, item));
  return { products: withComparedAttributes(products, stations, findings), attributeTitles: Object.fromEntries(titles) };
}

function readProduct(elements: PlantReader, item: ElementRecord): readonly PlantProduct[] {
  const id = elements.text(item.id, "Id");
  if (id === undefined) return [];
  const batchMin = elements.number(item.id, "BatchMin") ?? 1;
  return [
    {
      id,
      attributes: Object.fromEntries(attributesOf(elements, item).map(({ idShort, value }) => [idShort!, value as string])),
      share: elements.number(item.id, "Share") ?? 0,
      batchMin,
      batchMax: Math.max(batchMin, elements.number(item.id, "BatchMax") ?? batchMin),
    },
  ];
}

function attributesOf(elements: PlantReader, item: ElementRecord): readonly ElementRecord[] {
  return elements
    .children(item.id)
    .filter(({ idShort, value }) => idShort !== undefined && !NO_ATTRIBUTE.has(idShort) && typeof value === "string" && value !== "");
}

/** A product without an attribute that a set-up compares differs from all others in it; one that no product has is a mistake. */
function withComparedAttributes(
  products: readonly PlantProduct[],
  stations: readonly PlantStation[],
  findings: LocalText[],
): readonly PlantProduct[] {
  const compared = stations.flatMap(({ id, setUps }) => setUps.map(({ attribute }) => ({ id, attribute })));
  for (const { id, attribute } of compared)
    if (products.length > 0 && !products.some(({ attributes }) => Object.hasOwn(attributes, attribute)))
      findings.push({
        en: `a set-up of ${id} compares the attribute ${attribute}, which no product of the line has`,
        zh: `${id} 的换型比较属性 ${attribute}，但该产线的产品都没有此属性`,
      });
  return products.map((product) => ({
    ...product,
    attributes: { ...Object.fromEntries(compared.map(({ attribute }) => [attribute, product.id])), ...product.attributes },
  }));
}
