// Generated from features/assets/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "assets.line.button": Readonly<Record<never, never>>;
    "assets.line.constraint": Readonly<Record<never, never>>;
    "assets.line.constraintText": Readonly<Record<never, never>>;
    "assets.line.countText": Readonly<Record<never, never>>;
    "assets.line.days": Readonly<Record<never, never>>;
    "assets.line.days.all": Readonly<Record<never, never>>;
    "assets.line.days.five": Readonly<Record<never, never>>;
    "assets.line.days.six": Readonly<Record<never, never>>;
    "assets.line.down": { readonly name: MessageParam };
    "assets.line.failed": Readonly<Record<never, never>>;
    "assets.line.made": Readonly<Record<never, never>>;
    "assets.line.name": Readonly<Record<never, never>>;
    "assets.line.next": Readonly<Record<never, never>>;
    "assets.line.noAssets": Readonly<Record<never, never>>;
    "assets.line.noCount": Readonly<Record<never, never>>;
    "assets.line.notKnown": Readonly<Record<never, never>>;
    "assets.line.orderText": Readonly<Record<never, never>>;
    "assets.line.shifts": Readonly<Record<never, never>>;
    "assets.line.shifts.none": Readonly<Record<never, never>>;
    "assets.line.shifts.one": Readonly<Record<never, never>>;
    "assets.line.shifts.three": Readonly<Record<never, never>>;
    "assets.line.shifts.two": Readonly<Record<never, never>>;
    "assets.line.shiftsText": Readonly<Record<never, never>>;
    "assets.line.stateGo": Readonly<Record<never, never>>;
    "assets.line.stateHint": Readonly<Record<never, never>>;
    "assets.line.stepCount": Readonly<Record<never, never>>;
    "assets.line.stepOrder": Readonly<Record<never, never>>;
    "assets.line.stepTakt": Readonly<Record<never, never>>;
    "assets.line.summary": { readonly name: MessageParam; readonly count: number; readonly order: MessageParam };
    "assets.line.takt": Readonly<Record<never, never>>;
    "assets.line.taktText": Readonly<Record<never, never>>;
    "assets.line.timeZone": Readonly<Record<never, never>>;
    "assets.line.title": Readonly<Record<never, never>>;
    "assets.line.up": { readonly name: MessageParam };
  }
}
