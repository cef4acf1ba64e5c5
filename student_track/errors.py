"""The errors a run can end with; each kind has the exit code of ``student-track run``."""


class PipelineError(Exception):
    """Base of every error meant for people: what, where, how many, an example, what to do. Never a name."""

    exit_code = 1


class InputError(PipelineError):
    """Settings, policy or a sheet cannot be used as they are."""

    exit_code = 2


class CheckFailedError(PipelineError):
    """A notebook's check refused its result before it was written."""

    exit_code = 3


class OutsideServiceError(PipelineError):
    """A service or an engine outside this process did not do its part."""

    exit_code = 4


class LakeLockedError(PipelineError):
    """Another run is writing the same lake."""

    exit_code = 5


class StorageError(PipelineError):
    """The lake or the reports folder could not be written, for example because the disk is full."""
