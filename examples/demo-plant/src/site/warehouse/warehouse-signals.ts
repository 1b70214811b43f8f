import type { PlantSignal, SiteAssetId } from "../../signals/signal.ts";
import { materials, storageLocations } from "./warehouse-table.ts";

/** The connection over which the warehouse management system sends. */
export const warehouseSender = "warehouse";

type Draft = Omit<PlantSignal, "index">;

/** The signals of the warehouse, without positions: stock by storage location and by material, receipts and picks. */
export function warehouseSignals(): readonly Draft[] {
  return [
    ...materials.flatMap(({ id, en, zh }) => [
      count("Warehouse", `OnHand_${id}`, `${en} on hand`, `${zh}库存`),
      total("Warehouse", `Received_${id}`, `${en} received`, `${zh}收货累计`),
      total("Warehouse", `Picked_${id}`, `${en} picked`, `${zh}拣货累计`),
    ]),
    count("Warehouse", "TrucksAtDock", "Trucks at the dock", "月台车辆数"),
    ...storageLocations.flatMap((location) => [
      count(location as SiteAssetId, "Quantity", "Quantity", "数量"),
      draft(location as SiteAssetId, "Material", "Material", "物料", { type: "String" as const }),
    ]),
  ];
}

function count(asset: SiteAssetId, role: string, en: string, zh: string): Draft {
  return draft(asset, role, en, zh, { type: "UInt32", unit: "1", low: 0, high: 2000, resolution: 1 });
}

function total(asset: SiteAssetId, role: string, en: string, zh: string): Draft {
  return draft(asset, role, en, zh, { type: "UInt32", unit: "1", counter: { type: "totaliser", width: 32 } });
}

function draft(asset: SiteAssetId, role: string, en: string, zh: string, rest: Partial<Draft>): Draft {
  const name = `Warehouse.${asset}.${role}`;
  return {
    name,
    asset,
    role,
    title: { en, zh },
    type: "Double",
    recording: "change",
    address: { kind: "push", sender: warehouseSender, name },
    ...rest,
  };
}
