// Generated from features/simulate/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "simulate.eventLog.about": Readonly<Record<never, never>>;
    "simulate.eventLog.activity": Readonly<Record<never, never>>;
    "simulate.eventLog.again": { readonly name: MessageParam };
    "simulate.eventLog.ahead": { readonly period: MessageParam; readonly from: MessageParam; readonly mid: MessageParam; readonly low: MessageParam; readonly high: MessageParam };
    "simulate.eventLog.better": { readonly skill: MessageParam };
    "simulate.eventLog.bottleneck": { readonly activity: MessageParam; readonly share: MessageParam };
    "simulate.eventLog.bottleneckNote": Readonly<Record<never, never>>;
    "simulate.eventLog.bottleneckShare": Readonly<Record<never, never>>;
    "simulate.eventLog.chart": Readonly<Record<never, never>>;
    "simulate.eventLog.choose": Readonly<Record<never, never>>;
    "simulate.eventLog.columnInFile": Readonly<Record<never, never>>;
    "simulate.eventLog.download": Readonly<Record<never, never>>;
    "simulate.eventLog.emptyText": Readonly<Record<never, never>>;
    "simulate.eventLog.emptyTitle": Readonly<Record<never, never>>;
    "simulate.eventLog.error": { readonly count: number; readonly error: MessageParam; readonly came: MessageParam; readonly share: MessageParam };
    "simulate.eventLog.failed": { readonly name: MessageParam };
    "simulate.eventLog.failedText": Readonly<Record<never, never>>;
    "simulate.eventLog.forecast": { readonly period: MessageParam };
    "simulate.eventLog.fromLog": Readonly<Record<never, never>>;
    "simulate.eventLog.held": { readonly held: MessageParam; readonly count: MessageParam };
    "simulate.eventLog.left": { readonly count: number };
    "simulate.eventLog.line": Readonly<Record<never, never>>;
    "simulate.eventLog.lineText": Readonly<Record<never, never>>;
    "simulate.eventLog.noForecast": Readonly<Record<never, never>>;
    "simulate.eventLog.noSkill": Readonly<Record<never, never>>;
    "simulate.eventLog.notBetter": { readonly skill: MessageParam };
    "simulate.eventLog.period.days": { readonly count: MessageParam };
    "simulate.eventLog.period.hours": { readonly count: MessageParam };
    "simulate.eventLog.period.minutes": { readonly count: MessageParam };
    "simulate.eventLog.periodOfForecast": Readonly<Record<never, never>>;
    "simulate.eventLog.periods.28800": Readonly<Record<never, never>>;
    "simulate.eventLog.periods.3600": Readonly<Record<never, never>>;
    "simulate.eventLog.periods.604800": Readonly<Record<never, never>>;
    "simulate.eventLog.periods.86400": Readonly<Record<never, never>>;
    "simulate.eventLog.periods.auto": Readonly<Record<never, never>>;
    "simulate.eventLog.places": Readonly<Record<never, never>>;
    "simulate.eventLog.placesHint": Readonly<Record<never, never>>;
    "simulate.eventLog.read": Readonly<Record<never, never>>;
    "simulate.eventLog.readText": { readonly visits: MessageParam; readonly cases: MessageParam; readonly from: MessageParam; readonly to: MessageParam };
    "simulate.eventLog.reading": { readonly name: MessageParam };
    "simulate.eventLog.readingText": Readonly<Record<never, never>>;
    "simulate.eventLog.simulated": Readonly<Record<never, never>>;
    "simulate.eventLog.takenAs": Readonly<Record<never, never>>;
    "simulate.eventLog.title": Readonly<Record<never, never>>;
    "simulate.eventLog.tooFew": { readonly bias: MessageParam };
    "simulate.eventLog.tooMany": { readonly bias: MessageParam };
    "simulate.eventLog.unexplained": Readonly<Record<never, never>>;
    "simulate.eventLog.unexplainedHint": Readonly<Record<never, never>>;
    "simulate.eventLog.utilisation": Readonly<Record<never, never>>;
    "simulate.eventLog.visits": Readonly<Record<never, never>>;
    "simulate.eventLog.wait": Readonly<Record<never, never>>;
    "simulate.eventLog.watch": Readonly<Record<never, never>>;
    "simulate.eventLog.work": Readonly<Record<never, never>>;
    "simulate.eventLog.zone": Readonly<Record<never, never>>;
    "simulate.eventLog.zoneHint": Readonly<Record<never, never>>;
  }
}
