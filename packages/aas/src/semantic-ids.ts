/**
 * Semantic ids of the IDTA submodel templates that the product reads or writes, as the published templates carry them.
 * Compare with the value of the last key; the key's type differs between releases of the same template.
 */
export const semanticIds = {
  /** IDTA 02006-3-0, Digital Nameplate for Industrial Equipment. */
  nameplate: "https://admin-shell.io/idta/nameplate/3/0/Nameplate",
  /** IDTA 02002-1-0, Contact Information. */
  contactInformation: "https://admin-shell.io/zvei/nameplate/1/0/ContactInformations",
  /** IDTA 02003-2-0, Technical Data (ECLASS). */
  technicalData: "0173-1#01-AHX837#002",
  /** IDTA 02004-2-0, Handover Documentation (ECLASS). */
  handoverDocumentation: "0173-1#01-AHF578#003",
  /** IDTA 02005-1-1, Provision of Simulation Models. */
  simulationModels: "https://admin-shell.io/idta/SubmodelTemplate/SimulationModels/1/1",
  /** IDTA 02008-1-1, Time Series Data. */
  timeSeries: "https://admin-shell.io/idta/TimeSeries/1/1",
  /** IDTA 02011-1-1, Hierarchical Structures enabling Bills of Material. */
  hierarchicalStructures: "https://admin-shell.io/idta/HierarchicalStructures/1/1/Submodel",
  /** IDTA 02017-1-0 and -1-1, Asset Interfaces Description. */
  assetInterfacesDescription10: "https://admin-shell.io/idta/AssetInterfacesDescription/1/0/Submodel",
  assetInterfacesDescription11: "https://admin-shell.io/idta/AssetInterfacesDescription/1/1/Submodel",
  /** IDTA 02027-1-0 and -2-0, Asset Interfaces Mapping Configuration. */
  assetInterfacesMapping10: "https://admin-shell.io/idta/AssetInterfacesMappingConfiguration/1/0/Submodel",
  assetInterfacesMapping20: "https://admin-shell.io/idta/AssetInterfacesMappingConfiguration/2/0/Submodel",
  /** IDTA 02026-1-0, Provision of 3D Models. */
  models3d: "https://admin-shell.io/idta/Models3D/1/0",
  /** IDTA 02048-1-0, Predictive Maintenance. */
  predictiveMaintenance: "https://admin-shell.io/idta/SubmodelTemplate/PredictiveMaintenance/1/0",
  /** IDTA 02066-1-0, Process Variables for Manufacturing Key Performance Indicators. */
  processVariablesForKpis: "https://admin-shell.io/idta/SubmodelTemplate/ProcessVariablesForManufacturingKPICalculation/1/0",
  /** IDTA 02067-1-0, Production Calendar. */
  productionCalendar: "https://admin-shell.io/idta/SubmodelTemplate/ProductionCalendar/1/0",
} as const;
