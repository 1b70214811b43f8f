export { createAddressBar } from "./address/address-bar.ts";
export type { AddressBar } from "./address/address-bar.ts";
export { formatAddress, homeOf, instantText, parseAddress } from "./address/address.ts";
export type { Address, Screens } from "./address/address.ts";
export { base64url } from "./address/base64url.ts";
export { elementTabs, explorerModes, formatPlace, parsePlace } from "./address/place.ts";
export type { ElementTab, ExplorerMode, ExplorerPlace } from "./address/place.ts";
export { FanChart, niceStep } from "./charts/fan-chart.tsx";
export { DotInterval, KpiTable } from "./charts/kpi-table.tsx";
export { medianAt, relativeFan } from "./charts/relative-fan.ts";
export type { FanBand } from "./charts/relative-fan.ts";
export { BottleneckShift, ShareBar, TimeShares, lookShares } from "./charts/time-shares.tsx";
export { TrendChart, downloadPng, saveFile, trendCsv } from "./charts/trend-chart.tsx";
export { errorText, plainText, refusalInChinese } from "./language/error-text.ts";
export { findingDetailZh } from "./language/finding-details-zh.ts";
export { findingsZh } from "./language/findings-zh.ts";
export {
  findingInWords,
  inLanguage,
  saidInWords,
  signalName,
  startLanguage,
  stationName,
  switchLanguage,
  translate,
} from "./language/language.ts";
export { dateOfLog, noteCode, periodOf } from "./language/log-words.ts";
export { repairText } from "./language/repairs-zh.ts";
export { roleWords } from "./language/role-words.ts";
export { elementLabel } from "./language/standard-words.ts";
export { aasOf, apiPath } from "./session/aas-api.ts";
export { StudioContext, ThemeContext, useStudio, useThemeTokens, useWords } from "./session/context.tsx";
export { createPreferences } from "./session/preferences.ts";
export type { Preferences } from "./session/preferences.ts";
export { ScopeContext, WindowScope, useMoment, useScope } from "./session/scope.tsx";
export type { Scope } from "./session/scope.tsx";
export { SignalTable } from "./session/signal-table.ts";
export type { TableValue } from "./session/signal-table.ts";
export { recordedSpans, stateSignals, withPresent } from "./session/state-history.ts";
export type { StateHistory, StateSpan } from "./session/state-history.ts";
export { enteredBranch } from "./session/studio.ts";
export type { Notice, NoticeAction, Place, RailAction, Studio } from "./session/studio.ts";
export { useSubject } from "./session/subject.ts";
export { ShiftKpis, useShiftKpis } from "./session/use-kpis.tsx";
export { useLoad } from "./session/use-load.ts";
export type { Loaded } from "./session/use-load.ts";
export { createRegistry } from "./slots/registry.ts";
export type { Registry } from "./slots/registry.ts";
export { slot, view } from "./slots/slot.ts";
export type { Slot, View } from "./slots/slot.ts";
export { createSignal } from "./store/signal.ts";
export type { Signal } from "./store/signal.ts";
export { createStore, useStore } from "./store/store.ts";
export type { Store } from "./store/store.ts";
export { branchHue, branchHues, cssVariables, themes, token } from "./theme/tokens.ts";
export type { BranchHue, ThemeName, TokenName, Tokens } from "./theme/tokens.ts";
export { clockText, dateText, datedText, dayText, durationText, momentText, monthText, periodText, zoneText } from "./time/format.ts";
export type { Language } from "./time/format.ts";
export { railTicks } from "./time/ticks.ts";
export type { RailTick } from "./time/ticks.ts";
export { createTimeController, speeds } from "./time/time-controller.ts";
export type { TimeController, TimeControllerOptions, TimeState } from "./time/time-controller.ts";
export { dayStart, fromLocal, nextDay, toLocal, zoneOf } from "./time/zone.ts";
export type { Zone } from "./time/zone.ts";
export { AlarmShape } from "./values/alarm-shape.tsx";
export { Card, Empty, Failure, NotReadAgain, Waiting } from "./values/card.tsx";
export { FindingText } from "./values/finding-text.tsx";
export { withGaps } from "./values/gaps.ts";
export { Keys } from "./values/keys.tsx";
export { digitsOf, fixedText, numberText, percentText, signedText, unitText, valueText, withUnit } from "./values/number.ts";
export { hatch, paintShape, roundedRect } from "./values/shapes.ts";
export { IndicatorBar, SignalValue } from "./values/shown-value.tsx";
export { byRelevance, placeOf, quantityOf, withoutPlace } from "./values/signal-order.ts";
export { Spark, SparkPath } from "./values/spark.tsx";
export { stateLook } from "./values/state-look.ts";
export type { StateLook } from "./values/state-look.ts";
export { StateStrip } from "./values/state-strip.tsx";
export { placesUp, stationWord, whyNoAlarms, whyNoCount, whyNoFigures, wipText } from "./values/station-word.ts";
export { unitName } from "./values/unit-names.ts";
export { useSignal } from "./values/use-signal.ts";
export { ValueField, valueOfText, writtenText } from "./values/written-value.tsx";
export { ActionButton } from "./views/action-button.tsx";
export { shell } from "./views/shell.ts";
export type { ActionData, IconName, PageData, SavedState, SectionData, SubjectKind, TabData } from "./views/shell.ts";
export { useAction } from "./views/use-action.ts";
export { ViewFence } from "./views/view-fence.tsx";
export { ViewOutlet } from "./views/view-outlet.tsx";
