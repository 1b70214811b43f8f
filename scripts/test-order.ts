import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * What starts plants, servers and browsers takes longest, however short its file is: it comes first, so that no such file runs alone at the end.
 * Within both halves the order of the tool stands: as long as each took last time, else by size.
 */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const startsPrograms = ({ moduleId }: TestSpecification): boolean => /\/e2e\/|\/opcua\/|\/host\//.test(moduleId);
    return [...sorted.filter(startsPrograms), ...sorted.filter((file) => !startsPrograms(file))];
  }
}
