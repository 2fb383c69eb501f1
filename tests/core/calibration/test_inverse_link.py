"""The inverse link of the asymmetric loss: stationary points of the loss, and known values."""

import numpy as np
import pytest

from cprfl_core.calibration.inverse_link import asymmetric_loss_inverse


def loss_derivative(p, eta, setting, step=1e-6):
    gamma_neg, gamma_pos, clip = setting

    def loss(q):
        shifted = max(q - clip, 0.0)
        positive = -((1 - q) ** gamma_pos) * np.log(q)
        negative = -(shifted**gamma_neg) * np.log(1 - shifted)
        return eta * positive + (1 - eta) * negative

    return (loss(p + step) - loss(p - step)) / (2 * step)


@pytest.mark.parametrize("setting", [(4.0, 0.0, 0.05), (2.0, 0.0, 0.0), (4.0, 1.0, 0.05), (3.0, 2.0, 0.1)])
@pytest.mark.parametrize("p", [0.15, 0.32, 0.5, 0.8, 0.95])
def test_the_loss_is_stationary_at_the_inverse_link(setting, p):
    eta = float(asymmetric_loss_inverse(p, *setting))
    assert loss_derivative(p, eta, setting) == pytest.approx(0, abs=1e-6)


def test_the_inverse_link_gives_the_known_numbers():
    assert asymmetric_loss_inverse(0.32) == pytest.approx(0.01, abs=0.002)
    assert asymmetric_loss_inverse(0.5) == pytest.approx(0.13, abs=0.005)
    np.testing.assert_array_equal(asymmetric_loss_inverse([0.0, 0.03]), [0, 0])
    assert asymmetric_loss_inverse(1.0) == pytest.approx(0.964, abs=0.001)


def test_with_no_focusing_the_link_is_the_identity():
    eta = np.linspace(0.01, 0.99, 9)
    np.testing.assert_allclose(asymmetric_loss_inverse(eta, 0.0, 0.0, 0.0), eta, atol=1e-12)
