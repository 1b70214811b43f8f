// Generated from packages/server/words/en/sim.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "sim.chainLineStates": { readonly states: MessageParam; readonly max: MessageParam };
    "sim.couplingCannot": { readonly id: MessageParam; readonly path: MessageParam; readonly reason: MessageParam };
    "sim.eventLog": Readonly<Record<never, never>>;
    "sim.eventLogColumnActivity": { readonly listed: MessageParam };
    "sim.eventLogColumnCase": { readonly listed: MessageParam };
    "sim.eventLogColumnTimes": { readonly listed: MessageParam };
    "sim.eventLogEndsOnly": Readonly<Record<never, never>>;
    "sim.eventLogEndsWithoutStart": { readonly count: number };
    "sim.eventLogMonthFirst": Readonly<Record<never, never>>;
    "sim.eventLogNoLifecycle": Readonly<Record<never, never>>;
    "sim.eventLogNoRowCanRead": { readonly first: MessageParam };
    "sim.eventLogNoXmlCanRead": { readonly line: MessageParam; readonly why: MessageParam };
    "sim.eventLogRows": { readonly count: MessageParam; readonly max: MessageParam };
    "sim.eventLogRowsEndBeforeStart": { readonly count: number };
    "sim.eventLogRowsOfOtherSteps": { readonly count: number };
    "sim.eventLogRowsWithoutTimes": { readonly count: number };
    "sim.eventLogStartsOnly": Readonly<Record<never, never>>;
    "sim.eventLogStartsWithoutEnd": { readonly count: number };
    "sim.eventLogTellsNoVisitEnded": Readonly<Record<never, never>>;
    "sim.everyStationNeedsWholeNumberPlaces": Readonly<Record<never, never>>;
    "sim.fileHoldsNoNumbers": Readonly<Record<never, never>>;
    "sim.fileMoreCharacters": { readonly max: MessageParam };
    "sim.fileNoSection": { readonly name: MessageParam };
    "sim.layout": { readonly why: MessageParam };
    "sim.leastStationNeeded": Readonly<Record<never, never>>;
    "sim.line": { readonly line: MessageParam; readonly what: MessageParam };
    "sim.modelCannotRun": { readonly why: MessageParam };
    "sim.modelDoesNotGetBeyond": { readonly timeS: MessageParam };
    "sim.modelEndedSimulation": { readonly id: MessageParam; readonly timeS: MessageParam };
    "sim.modelGives": { readonly id: MessageParam; readonly value: MessageParam; readonly name: MessageParam; readonly nowUs: MessageParam };
    "sim.neitherJobShop": { readonly reason: MessageParam; readonly reason2: MessageParam };
    "sim.noSnapshotRunModel": { readonly reason: MessageParam };
    "sim.numbersTooLargeAddUpExactly": Readonly<Record<never, never>>;
    "sim.placesBoundTasksNeedNumberStations": Readonly<Record<never, never>>;
    "sim.placesMovedBetweenTwoBuffersOr": { readonly count: MessageParam };
    "sim.precedenceNamesTaskNot": { readonly before: MessageParam; readonly after: MessageParam };
    "sim.precedencesGoRoundCircle": Readonly<Record<never, never>>;
    "sim.rootElementXesLogLog": { readonly name: MessageParam };
    "sim.rowNoActivity": { readonly row: MessageParam };
    "sim.rowNoCase": { readonly row: MessageParam };
    "sim.rowNoTimeCanRead": { readonly row: MessageParam; readonly end: MessageParam };
    "sim.runCannotForked": { readonly id: MessageParam; readonly stateFault: MessageParam };
    "sim.schedule": { readonly why: MessageParam };
    "sim.snapshotAnotherModel": Readonly<Record<never, never>>;
    "sim.snapshotCutShort": Readonly<Record<never, never>>;
    "sim.snapshotTaken": { readonly atUs: MessageParam };
    "sim.stateModelCannotSaved": { readonly stateFault: MessageParam };
    "sim.stationNoBuffer": { readonly without: MessageParam };
    "sim.taskBoundStationNot": Readonly<Record<never, never>>;
    "sim.taskCanGoStationsWithoutPlace": { readonly idle: MessageParam };
    "sim.taskNoStation": { readonly stuck: MessageParam; readonly stuck2: MessageParam; readonly stuck3: MessageParam };
    "sim.taskTakes": { readonly longest: MessageParam; readonly cycle: MessageParam };
    "sim.taskTimesMustWholeNumbers": Readonly<Record<never, never>>;
    "sim.timesTooLargeBesideTimes0": Readonly<Record<never, never>>;
    "sim.xesLogNoEvent": Readonly<Record<never, never>>;
  }
}
