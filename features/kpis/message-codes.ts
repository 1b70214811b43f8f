// Generated from features/kpis/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "kpis.asShipped": Readonly<Record<never, never>>;
    "kpis.branch": { readonly line: MessageParam };
    "kpis.changed": Readonly<Record<never, never>>;
    "kpis.changedMeanwhile": { readonly place: MessageParam };
    "kpis.edit": Readonly<Record<never, never>>;
    "kpis.effect": Readonly<Record<never, never>>;
    "kpis.empty": Readonly<Record<never, never>>;
    "kpis.emptyText": Readonly<Record<never, never>>;
    "kpis.failed": Readonly<Record<never, never>>;
    "kpis.fault.above": Readonly<Record<never, never>>;
    "kpis.fault.below": Readonly<Record<never, never>>;
    "kpis.fault.number": Readonly<Record<never, never>>;
    "kpis.fault.ratio": Readonly<Record<never, never>>;
    "kpis.fault.ratioRange": Readonly<Record<never, never>>;
    "kpis.fault.warning": Readonly<Record<never, never>>;
    "kpis.incomplete": Readonly<Record<never, never>>;
    "kpis.kpi": Readonly<Record<never, never>>;
    "kpis.name.availability": Readonly<Record<never, never>>;
    "kpis.name.effectiveness": Readonly<Record<never, never>>;
    "kpis.name.firstPassYield": Readonly<Record<never, never>>;
    "kpis.name.good": Readonly<Record<never, never>>;
    "kpis.name.leadTimeS": Readonly<Record<never, never>>;
    "kpis.name.oee": Readonly<Record<never, never>>;
    "kpis.name.qualityRatio": Readonly<Record<never, never>>;
    "kpis.name.throughputPerHour": Readonly<Record<never, never>>;
    "kpis.noPlace": { readonly id: MessageParam };
    "kpis.origin": Readonly<Record<never, never>>;
    "kpis.propose": Readonly<Record<never, never>>;
    "kpis.shipped": Readonly<Record<never, never>>;
    "kpis.store": Readonly<Record<never, never>>;
    "kpis.target": Readonly<Record<never, never>>;
    "kpis.targetOf": { readonly kpi: MessageParam };
    "kpis.title": Readonly<Record<never, never>>;
    "kpis.titleOf": { readonly line: MessageParam };
    "kpis.unit.minutes": Readonly<Record<never, never>>;
    "kpis.unit.perHour": Readonly<Record<never, never>>;
    "kpis.unit.percent": Readonly<Record<never, never>>;
    "kpis.unit.units": Readonly<Record<never, never>>;
    "kpis.warning": Readonly<Record<never, never>>;
    "kpis.warningOf": { readonly kpi: MessageParam };
  }
}
