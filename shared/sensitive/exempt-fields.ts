export interface ExemptField {
  readonly path: string;
  readonly because: string;
}

const REPEATS = 'it repeats jobReference';
const WHO = 'it is who ran the job, which a policy matches by principals';
const OWN_WORD = 'BigQuery writes a word of its own there';
const NUMBER = 'BigQuery takes nothing but a whole number or a time there';

/** Strings of a Job that nothing is looked for in. Only strings: what else comes to stand there is looked at. */
export const EXEMPT_FIELDS: readonly ExemptField[] = [
  { path: 'id', because: REPEATS },
  { path: 'selfLink', because: REPEATS },
  { path: 'statistics.parentJobId', because: 'it is the id of a job that is looked at itself' },
  { path: 'jobReference.projectId', because: 'a policy matches projects by name' },
  { path: 'jobReference.location', because: OWN_WORD },
  { path: 'user_email', because: WHO },
  { path: 'principal_subject', because: WHO },
  { path: 'etag', because: OWN_WORD },
  { path: 'kind', because: OWN_WORD },
  { path: 'configuration.jobType', because: OWN_WORD },
  { path: 'status.state', because: OWN_WORD },
  { path: 'configuration.jobTimeoutMs', because: NUMBER },
  { path: 'configuration.copy.destinationExpirationTime', because: NUMBER },
  { path: 'configuration.extract.modelExtractOptions.trialId', because: NUMBER },
  { path: 'configuration.load.destinationTableProperties.expirationTime', because: NUMBER },
  { path: 'configuration.query.maximumBytesBilled', because: NUMBER },
  { path: 'configuration.query.scriptOptions.statementByteBudget', because: NUMBER },
  { path: 'configuration.query.scriptOptions.statementTimeoutMs', because: NUMBER },
  ...['configuration.load', 'configuration.query'].flatMap((place) =>
    ['rangePartitioning.range.start', 'rangePartitioning.range.end', 'rangePartitioning.range.interval'].map(
      (field) => ({ path: `${place}.${field}`, because: NUMBER }),
    ),
  ),
];

/**
 * What BigQuery's measures are called in `statistics`, where whole numbers and times come as strings: fifteen digits
 * of bytes could pass for a card. From the discovery document (formats int64 and google-datetime); a test compares.
 */
export const MEASURES: ReadonlySet<string> = new Set(
  `activeUnits autoArimaMaxOrder autoArimaMinOrder avgPreviousExecutionMs badRecords batchSize bytesBilled
   bytesProcessed bytesTransferred centroidId clusterSize completedParallelInputs completedUnits computeMsAvg
   computeMsMax copiedLogicalBytes copiedRows count creationTime d ddlAffectedRowAccessPolicyCount deletedRowCount
   destinationUriFileCounts durationMs elapsedMs endMs endTime endTimeMs estimatedBytesProcessed
   estimatedBytesSaved estimatedRunnableUnits expectedTotalIterations falseNegatives falsePositives fileCount
   finalExecutionDurationMs hiddenUnits horizon id inputBytes inputFileBytes inputFiles inputStages
   insertedRowCount integratedGradientsNumSteps itemCount leftRows maxIterations maxLength maxParallelTrials
   maxTimeSeriesLength maxTreeDepth minTimeSeriesLength minTreeChildWeight modelTrainingExpectedTotalIteration
   numChildJobs numClusters numDmlAffectedRows numFactors numParallelTree numPrincipalComponents numTrials
   outputBytes outputRows p parallelInputs pendingUnits precision principalComponentId q readMsAvg readMsMax
   recordsRead recordsWritten reservedSlotCount rightRows rowCount sampledShapleyNumPaths scale shuffleOutputBytes
   shuffleOutputBytesSpilled slotMs stageId startMs startTime startTimeMs
   totalBytesBilled totalBytesProcessed totalPartitionsProcessed totalSlotMs transferredBytes
   trendSmoothingWindowSize trialId trueNegatives truePositives updatedRowCount waitMsAvg waitMsMax writeMsAvg
   writeMsMax`.split(/\s+/),
);
