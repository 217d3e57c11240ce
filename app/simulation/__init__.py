"""A town in one process: telephones, their holders and time, to see and to test the service without a provider.

Nothing of the service imports it.
"""
