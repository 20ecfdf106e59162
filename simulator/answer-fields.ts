/**
 * The fields of what the jobs API answers, by the names of the discovery document's schemas, revision 20250528:
 * `name` holds a value, `name:Schema` an object (or a list of them), `name:*` a map or any JSON.
 */
export const ANSWER_FIELDS: Readonly<Record<string, string>> = {
  AggregateClassificationMetrics: 'accuracy f1Score logLoss precision recall rocAuc threshold',
  ArimaCoefficients: 'autoRegressiveCoefficients interceptCoefficient movingAverageCoefficients',
  ArimaFittingMetrics: 'aic logLikelihood variance',
  ArimaForecastingMetrics:
    'arimaFittingMetrics:ArimaFittingMetrics arimaSingleModelForecastingMetrics:ArimaSingleModelForecastingMetrics hasDrift nonSeasonalOrder:ArimaOrder seasonalPeriods timeSeriesId',
  ArimaModelInfo:
    'arimaCoefficients:ArimaCoefficients arimaFittingMetrics:ArimaFittingMetrics hasDrift hasHolidayEffect hasSpikesAndDips hasStepChanges nonSeasonalOrder:ArimaOrder seasonalPeriods timeSeriesId timeSeriesIds',
  ArimaOrder: 'd p q',
  ArimaResult: 'arimaModelInfo:ArimaModelInfo seasonalPeriods',
  ArimaSingleModelForecastingMetrics:
    'arimaFittingMetrics:ArimaFittingMetrics hasDrift hasHolidayEffect hasSpikesAndDips hasStepChanges nonSeasonalOrder:ArimaOrder seasonalPeriods timeSeriesId timeSeriesIds',
  BiEngineReason: 'code message',
  BiEngineStatistics: 'accelerationMode biEngineMode biEngineReasons:BiEngineReason',
  BigQueryModelTraining: 'currentIteration expectedTotalIterations',
  BinaryClassificationMetrics:
    'aggregateClassificationMetrics:AggregateClassificationMetrics binaryConfusionMatrixList:BinaryConfusionMatrix negativeLabel positiveLabel',
  BinaryConfusionMatrix:
    'accuracy f1Score falseNegatives falsePositives positiveClassThreshold precision recall trueNegatives truePositives',
  CategoricalValue: 'categoryCounts:CategoryCount',
  CategoryCount: 'category count',
  Cluster: 'centroidId count featureValues:FeatureValue',
  ClusterInfo: 'centroidId clusterRadius clusterSize',
  Clustering: 'fields',
  ClusteringMetrics: 'clusters:Cluster daviesBouldinIndex meanSquaredDistance',
  ConfusionMatrix: 'confidenceThreshold rows:Row',
  ConnectionProperty: 'key value',
  DataMaskingStatistics: 'dataMaskingApplied',
  DataPolicyOption: 'name',
  DatasetReference: 'datasetId projectId',
  DestinationTableProperties: 'description expirationTime friendlyName labels:*',
  DimensionalityReductionMetrics: 'totalExplainedVarianceRatio',
  DmlStatistics: 'deletedRowCount insertedRowCount updatedRowCount',
  EncryptionConfiguration: 'kmsKeyName',
  Entry: 'itemCount predictedLabel',
  ErrorProto: 'debugInfo location message reason',
  EvaluationMetrics:
    'arimaForecastingMetrics:ArimaForecastingMetrics binaryClassificationMetrics:BinaryClassificationMetrics clusteringMetrics:ClusteringMetrics dimensionalityReductionMetrics:DimensionalityReductionMetrics multiClassClassificationMetrics:MultiClassClassificationMetrics rankingMetrics:RankingMetrics regressionMetrics:RegressionMetrics',
  ExplainQueryStage:
    'completedParallelInputs computeMode computeMsAvg computeMsMax computeRatioAvg computeRatioMax endMs id inputStages name parallelInputs readMsAvg readMsMax readRatioAvg readRatioMax recordsRead recordsWritten shuffleOutputBytes shuffleOutputBytesSpilled slotMs startMs status steps:ExplainQueryStep waitMsAvg waitMsMax waitRatioAvg waitRatioMax writeMsAvg writeMsMax writeRatioAvg writeRatioMax',
  ExplainQueryStep: 'kind substeps',
  ExportDataStatistics: 'fileCount rowCount',
  ExternalServiceCost: 'bytesBilled bytesProcessed externalService reservedSlotCount slotMs',
  FeatureValue: 'categoricalValue:CategoricalValue featureColumn numericalValue',
  ForeignTypeInfo: 'typeSystem',
  /** Of IAM Credentials, which has a document of its own. */
  GenerateAccessTokenResponse: 'accessToken expireTime',
  GetQueryResultsResponse:
    'cacheHit errors:ErrorProto etag jobComplete jobReference:JobReference kind numDmlAffectedRows pageToken rows:TableRow schema:TableSchema totalBytesProcessed totalRows',
  HighCardinalityJoin: 'leftRows outputRows rightRows stepIndex',
  HivePartitioningOptions: 'fields mode requirePartitionFilter sourceUriPrefix',
  HparamTuningTrial:
    'endTimeMs errorMessage evalLoss evaluationMetrics:EvaluationMetrics hparamTuningEvaluationMetrics:EvaluationMetrics hparams:TrainingOptions startTimeMs status trainingLoss trialId',
  IndexUnusedReason: 'baseTable:TableReference code indexName message',
  InputDataChange: 'recordsReadDiffPercentage',
  IterationResult:
    'arimaResult:ArimaResult clusterInfos:ClusterInfo durationMs evalLoss index learnRate principalComponentInfos:PrincipalComponentInfo trainingLoss',
  Job: 'configuration:JobConfiguration etag id jobCreationReason:JobCreationReason jobReference:JobReference kind principal_subject selfLink statistics:JobStatistics status:JobStatus user_email',
  JobCancelResponse: 'job:Job kind',
  JobConfiguration:
    'copy:JobConfigurationTableCopy dryRun extract:JobConfigurationExtract jobTimeoutMs jobType labels:* load:JobConfigurationLoad query:JobConfigurationQuery reservation',
  JobConfigurationExtract:
    'compression destinationFormat destinationUri destinationUris fieldDelimiter modelExtractOptions:ModelExtractOptions printHeader sourceModel:ModelReference sourceTable:TableReference useAvroLogicalTypes',
  JobConfigurationLoad:
    'allowJaggedRows allowQuotedNewlines autodetect clustering:Clustering columnNameCharacterMap connectionProperties:ConnectionProperty copyFilesOnly createDisposition createSession dateFormat datetimeFormat decimalTargetTypes destinationEncryptionConfiguration:EncryptionConfiguration destinationTable:TableReference destinationTableProperties:DestinationTableProperties encoding fieldDelimiter fileSetSpecType hivePartitioningOptions:HivePartitioningOptions ignoreUnknownValues jsonExtension maxBadRecords nullMarker nullMarkers parquetOptions:ParquetOptions preserveAsciiControlCharacters projectionFields quote rangePartitioning:RangePartitioning referenceFileSchemaUri schema:TableSchema schemaInline schemaInlineFormat schemaUpdateOptions skipLeadingRows sourceColumnMatch sourceFormat sourceUris timeFormat timePartitioning:TimePartitioning timeZone timestampFormat useAvroLogicalTypes writeDisposition',
  JobConfigurationQuery:
    'allowLargeResults clustering:Clustering connectionProperties:ConnectionProperty continuous createDisposition createSession defaultDataset:DatasetReference destinationEncryptionConfiguration:EncryptionConfiguration destinationTable:TableReference flattenResults maximumBillingTier maximumBytesBilled parameterMode preserveNulls priority query queryParameters:QueryParameter rangePartitioning:RangePartitioning schemaUpdateOptions scriptOptions:ScriptOptions systemVariables:SystemVariables tableDefinitions:* timePartitioning:TimePartitioning useLegacySql useQueryCache userDefinedFunctionResources:UserDefinedFunctionResource writeDisposition writeIncrementalResults',
  JobConfigurationTableCopy:
    'createDisposition destinationEncryptionConfiguration:EncryptionConfiguration destinationExpirationTime destinationTable:TableReference operationType sourceTable:TableReference sourceTables:TableReference writeDisposition',
  JobCreationReason: 'code',
  JobList: 'etag jobs:JobList.jobs kind nextPageToken unreachable',
  'JobList.jobs':
    'configuration:JobConfiguration errorResult:ErrorProto id jobReference:JobReference kind principal_subject state statistics:JobStatistics status:JobStatus user_email',
  JobReference: 'jobId location projectId',
  JobStatistics:
    'completionRatio copy:JobStatistics5 creationTime dataMaskingStatistics:DataMaskingStatistics edition endTime extract:JobStatistics4 finalExecutionDurationMs load:JobStatistics3 numChildJobs parentJobId query:JobStatistics2 quotaDeferments reservationUsage:JobStatistics.reservationUsage reservation_id rowLevelSecurityStatistics:RowLevelSecurityStatistics scriptStatistics:ScriptStatistics sessionInfo:SessionInfo startTime totalBytesProcessed totalSlotMs transactionInfo:TransactionInfo',
  'JobStatistics.reservationUsage': 'name slotMs',
  JobStatistics2:
    'biEngineStatistics:BiEngineStatistics billingTier cacheHit dclTargetDataset:DatasetReference dclTargetTable:TableReference dclTargetView:TableReference ddlAffectedRowAccessPolicyCount ddlDestinationTable:TableReference ddlOperationPerformed ddlTargetDataset:DatasetReference ddlTargetRoutine:RoutineReference ddlTargetRowAccessPolicy:RowAccessPolicyReference ddlTargetTable:TableReference dmlStats:DmlStatistics estimatedBytesProcessed exportDataStatistics:ExportDataStatistics externalServiceCosts:ExternalServiceCost loadQueryStatistics:LoadQueryStatistics materializedViewStatistics:MaterializedViewStatistics metadataCacheStatistics:MetadataCacheStatistics mlStatistics:MlStatistics modelTraining:BigQueryModelTraining modelTrainingCurrentIteration modelTrainingExpectedTotalIteration numDmlAffectedRows performanceInsights:PerformanceInsights queryInfo:QueryInfo queryPlan:ExplainQueryStage referencedRoutines:RoutineReference referencedTables:TableReference reservationUsage:JobStatistics2.reservationUsage schema:TableSchema searchStatistics:SearchStatistics sparkStatistics:SparkStatistics statementType timeline:QueryTimelineSample totalBytesBilled totalBytesProcessed totalBytesProcessedAccuracy totalPartitionsProcessed totalSlotMs transferredBytes undeclaredQueryParameters:QueryParameter vectorSearchStatistics:VectorSearchStatistics',
  'JobStatistics2.reservationUsage': 'name slotMs',
  JobStatistics3: 'badRecords inputFileBytes inputFiles outputBytes outputRows timeline:QueryTimelineSample',
  JobStatistics4: 'destinationUriFileCounts inputBytes timeline:QueryTimelineSample',
  JobStatistics5: 'copiedLogicalBytes copiedRows',
  JobStatus: 'errorResult:ErrorProto errors:ErrorProto state',
  LoadQueryStatistics: 'badRecords bytesTransferred inputFileBytes inputFiles outputBytes outputRows',
  MaterializedView: 'chosen estimatedBytesSaved rejectedReason tableReference:TableReference',
  MaterializedViewStatistics: 'materializedView:MaterializedView',
  MetadataCacheStatistics: 'tableMetadataCacheUsage:TableMetadataCacheUsage',
  MlStatistics:
    'hparamTrials:HparamTuningTrial iterationResults:IterationResult maxIterations modelType trainingType',
  ModelExtractOptions: 'trialId',
  ModelReference: 'datasetId modelId projectId',
  MultiClassClassificationMetrics:
    'aggregateClassificationMetrics:AggregateClassificationMetrics confusionMatrixList:ConfusionMatrix',
  ParquetOptions: 'enableListInference enumAsString mapTargetType',
  PartitionSkew: 'skewSources:SkewSource',
  PerformanceInsights:
    'avgPreviousExecutionMs stagePerformanceChangeInsights:StagePerformanceChangeInsight stagePerformanceStandaloneInsights:StagePerformanceStandaloneInsight',
  PrincipalComponentInfo:
    'cumulativeExplainedVarianceRatio explainedVariance explainedVarianceRatio principalComponentId',
  QueryInfo: 'optimizationDetails:*',
  QueryParameter: 'name parameterType:QueryParameterType parameterValue:QueryParameterValue',
  QueryParameterType:
    'arrayType:QueryParameterType rangeElementType:QueryParameterType structTypes:QueryParameterType.structTypes type',
  'QueryParameterType.structTypes': 'description name type:QueryParameterType',
  QueryParameterValue: 'arrayValues:QueryParameterValue rangeValue:RangeValue structValues:* value',
  QueryResponse:
    'cacheHit creationTime dmlStats:DmlStatistics endTime errors:ErrorProto jobComplete jobCreationReason:JobCreationReason jobReference:JobReference kind location numDmlAffectedRows pageToken queryId rows:TableRow schema:TableSchema sessionInfo:SessionInfo startTime totalBytesBilled totalBytesProcessed totalRows totalSlotMs',
  QueryTimelineSample:
    'activeUnits completedUnits elapsedMs estimatedRunnableUnits pendingUnits shuffleRamUsageRatio totalSlotMs',
  RangePartitioning: 'field range:RangePartitioning.range',
  'RangePartitioning.range': 'end interval start',
  RangeValue: 'end:QueryParameterValue start:QueryParameterValue',
  RankingMetrics: 'averageRank meanAveragePrecision meanSquaredError normalizedDiscountedCumulativeGain',
  RegressionMetrics: 'meanAbsoluteError meanSquaredError meanSquaredLogError medianAbsoluteError rSquared',
  RoutineReference: 'datasetId projectId routineId',
  Row: 'actualLabel entries:Entry',
  RowAccessPolicyReference: 'datasetId policyId projectId tableId',
  RowLevelSecurityStatistics: 'rowLevelSecurityApplied',
  ScriptOptions: 'keyResultStatement statementByteBudget statementTimeoutMs',
  ScriptStackFrame: 'endColumn endLine procedureId startColumn startLine text',
  ScriptStatistics: 'evaluationKind stackFrames:ScriptStackFrame',
  SearchStatistics: 'indexUnusedReasons:IndexUnusedReason indexUsageMode',
  SessionInfo: 'sessionId',
  SkewSource: 'stageId',
  SparkLoggingInfo: 'projectId resourceType',
  SparkStatistics:
    'endpoints:* gcsStagingBucket kmsKeyName loggingInfo:SparkLoggingInfo sparkJobId sparkJobLocation',
  StagePerformanceChangeInsight: 'inputDataChange:InputDataChange stageId',
  StagePerformanceStandaloneInsight:
    'biEngineReasons:BiEngineReason highCardinalityJoins:HighCardinalityJoin insufficientShuffleQuota partitionSkew:PartitionSkew slotContention stageId',
  StoredColumnsUnusedReason: 'code message uncoveredColumns',
  StoredColumnsUsage:
    'baseTable:TableReference isQueryAccelerated storedColumnsUnusedReasons:StoredColumnsUnusedReason',
  SystemVariables: 'types:* values:*',
  TableCell: 'v:*',
  TableFieldSchema:
    'categories:TableFieldSchema.categories collation dataPolicies:DataPolicyOption defaultValueExpression description fields:TableFieldSchema foreignTypeDefinition maxLength mode name policyTags:TableFieldSchema.policyTags precision rangeElementType:TableFieldSchema.rangeElementType roundingMode scale type',
  'TableFieldSchema.categories': 'names',
  'TableFieldSchema.policyTags': 'names',
  'TableFieldSchema.rangeElementType': 'type',
  TableMetadataCacheUsage: 'explanation staleness tableReference:TableReference tableType unusedReason',
  TableReference: 'datasetId projectId tableId',
  TableRow: 'f:TableCell',
  TableSchema: 'fields:TableFieldSchema foreignTypeInfo:ForeignTypeInfo',
  TimePartitioning: 'expirationMs field requirePartitionFilter type',
  TrainingOptions:
    'activationFn adjustStepChanges approxGlobalFeatureContrib autoArima autoArimaMaxOrder autoArimaMinOrder autoClassWeights batchSize boosterType budgetHours calculatePValues categoryEncodingMethod cleanSpikesAndDips colorSpace colsampleBylevel colsampleBynode colsampleBytree contributionMetric dartNormalizeType dataFrequency dataSplitColumn dataSplitEvalFraction dataSplitMethod decomposeTimeSeries dimensionIdColumns distanceType dropout earlyStop enableGlobalExplain feedbackType fitIntercept forecastLimitLowerBound forecastLimitUpperBound hiddenUnits holidayRegion holidayRegions horizon hparamTuningObjectives includeDrift initialLearnRate inputLabelColumns instanceWeightColumn integratedGradientsNumSteps isTestColumn itemColumn kmeansInitializationColumn kmeansInitializationMethod l1RegActivation l1Regularization l2Regularization labelClassWeights:* learnRate learnRateStrategy lossType maxIterations maxParallelTrials maxTimeSeriesLength maxTreeDepth minAprioriSupport minRelativeProgress minSplitLoss minTimeSeriesLength minTreeChildWeight modelRegistry modelUri nonSeasonalOrder:ArimaOrder numClusters numFactors numParallelTree numPrincipalComponents numTrials optimizationStrategy optimizer pcaExplainedVarianceRatio pcaSolver sampledShapleyNumPaths scaleFeatures standardizeFeatures subsample tfVersion timeSeriesDataColumn timeSeriesIdColumn timeSeriesIdColumns timeSeriesLengthFraction timeSeriesTimestampColumn treeMethod trendSmoothingWindowSize userColumn vertexAiModelVersionAliases walsAlpha warmStart xgboostVersion',
  TransactionInfo: 'transactionId',
  UserDefinedFunctionResource: 'inlineCode resourceUri',
  VectorSearchStatistics:
    'indexUnusedReasons:IndexUnusedReason indexUsageMode storedColumnsUsages:StoredColumnsUsage',
};
