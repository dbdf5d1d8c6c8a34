"""Doing something for real and leaving no trace of it."""

from contextlib import closing, contextmanager

from odoo.tools.misc import Callbacks


@contextmanager
def rehearsal(env):
    """A savepoint that is always rolled back, and with it what was to happen after the commit.

    Odoo raises the customer's rank then, or sends mail: of records that will not exist.
    """
    cr = env.cr
    postcommit = cr.postcommit
    with closing(cr.savepoint()):
        cr.postcommit = Callbacks()
        try:
            yield
        finally:
            cr.postcommit = postcommit
