/**
 * Words of the policy file that this version knows and does not carry out. A policy that uses one is set
 * aside whole, with a warning, and never fires: half a policy would do what its owner did not write.
 * A version that learns a word deletes it here.
 */
export const LATER_POLICY_KEYS = ['when'] as const;
